/** WebAssembly text; the build (test/rules/wat-plugin.js) puts the module in its place, as bytes. */
declare module '*.wat' {
  const bytes: Uint8Array;
  export default bytes;
}

/** What is used of WebAssembly, which is neither in the language's own library nor in Node's types. */
declare namespace WebAssembly {
  const Module: new (bytes: Uint8Array) => object;
  const Instance: new (module: object) => { readonly exports: unknown };
}
