/** The tokens lie outside the sources of the SDK, because the pages of the server have the same. The bundle contains them. */
declare module '*/look/tokens.json' {
  /** The colours: in light, and in dark. */
  export const colours: Readonly<Record<string, readonly [string, string]>>;
  export const measures: Readonly<Record<string, string>>;
}
