'use strict';
// Old syntax, like all that an old Node may come to read.
var fs = require('fs');
var path = require('path');
var vm = require('vm');

/** The scripts of the program that were loaded, by path: what a cache can be made from. */
var scripts = new Map();

/**
 * Has the program's files loaded in the form to which V8 has compiled them, which the build keeps
 * beside each as `<file>.cache`: compiling takes a quarter of a scheduled run. V8 itself refuses what
 * another version has made, or was made with other flags; then, and without a cache, it compiles.
 */
function useCodeCache() {
  require.extensions['.cjs'] = function (module, file) {
    var script = new vm.Script(
      '(function (exports, require, module, __filename, __dirname) {' +
        fs.readFileSync(file, 'utf8') +
        '\n})',
      {
        filename: file,
        cachedData: cacheOf(file),
        // For parts of Node that are loaded when they are needed.
        importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
      },
    );
    scripts.set(file, script);
    script.runInThisContext()(
      module.exports,
      function (id) {
        return module.require(id);
      },
      module,
      file,
      path.dirname(file),
    );
  };
}

function cacheOf(file) {
  try {
    return fs.readFileSync(file + '.cache');
  } catch (error) {
    return undefined;
  }
}

module.exports = { useCodeCache: useCodeCache, scripts: scripts };
