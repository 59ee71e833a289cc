// Before graphql-js is loaded: unless this is set, it looks for a second copy of itself at every value that it checks.
process.env.NODE_ENV ??= 'production';
