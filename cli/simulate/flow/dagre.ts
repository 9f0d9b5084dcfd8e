/** A place and a size in pixels. The library adds the place. */
export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly x?: number;
  readonly y?: number;
}

/** What the diagrams use of `@dagrejs/dagre`. */
interface Dagre {
  readonly Graph: new () => {
    setGraph(options: Readonly<Record<string, string | number>>): void;
    setNode(id: string, size: Placed): void;
    setEdge(from: string, to: string, label: Placed & { readonly labelpos: 'c'; readonly weight: number }): void;
    graph(): { readonly width?: number; readonly height?: number };
    node(id: string): Placed;
    edge(
      from: string,
      to: string,
    ): Placed & { readonly points?: readonly { readonly x: number; readonly y: number }[] };
  };
  readonly layout: (graph: InstanceType<Dagre['Graph']>) => void;
}

/**
 * Loads the library that lays out graphs. Only a page with diagrams needs it. The package's own types do not resolve under Node's rules
 * for modules, because their imports have no file extensions.
 */
export async function loadDagre(): Promise<Dagre> {
  return import('@dagrejs/dagre');
}
