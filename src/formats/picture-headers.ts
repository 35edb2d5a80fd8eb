/** An SVG is a document of its own in a browser, and must not be able to load or run anything (CSP Level 3). */
export const svgHeaders = { 'Content-Security-Policy': "default-src 'none'; sandbox" } as const
