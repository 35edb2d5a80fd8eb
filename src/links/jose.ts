/** The parts of jose that links need. A dynamic import of the package would put all of it into the bundle. */
export { errors, jwtVerify, SignJWT } from 'jose'
