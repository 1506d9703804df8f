// What the benchmark uses of a package that is installed only when it runs.
declare module '@okta/okta-sdk-nodejs' {
  interface Collection {
    each(take: (item: unknown) => void): Promise<void>;
  }
  interface Client {
    readonly systemLogApi: {
      listLogEvents(query: { since: string; until: string; limit: number }): Promise<Collection>;
    };
  }
  const sdk: { readonly Client: new (options: { orgUrl: string; token: string }) => Client };
  export default sdk;
}
