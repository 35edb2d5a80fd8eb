/** The version in package.json. A test checks that the two are equal. */
export const version = '0.1.0'
