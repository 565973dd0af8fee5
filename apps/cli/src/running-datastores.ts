// A file of its own, since the build does not rewrite `import('@app/…')`.
export { runningUrls as runningDatastores } from '@app/dev-services';
