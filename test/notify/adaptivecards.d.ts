// Plain Node finds the library only under this path, where its types are not.
declare module 'adaptivecards/dist/adaptivecards.js' {
  export * from 'adaptivecards';
}
