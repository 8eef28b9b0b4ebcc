// SPDX-License-Identifier: MIT
// Preloaded into Prism, which follows redirects in the browser's place and so hides the answers that
// the contract is about: with this they pass through as they are.
'use strict';
const path = require('path');

const file = require.resolve('node-fetch', { paths: [path.dirname(process.argv[1])] });
const fetch = require(file);

fetch.default = (url, options) => fetch(url, { ...options, redirect: 'manual' });
