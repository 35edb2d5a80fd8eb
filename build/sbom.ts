import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library'
import type { BundledPackage } from './notices.ts'

/** The fields of our own package.json that a bill of materials repeats. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly license: string
  readonly homepage: string
  readonly repository: { readonly url: string }
}

/**
 * The software bill of materials: CycloneDX 1.6 as JSON, with every package that has code in the bundle. It has no time and no
 * serial number, so that the same commit gives the same bytes. Scanners for vulnerabilities read it.
 */
export function sbom(manifest: Manifest, packages: readonly BundledPackage[]): string {
  const bom = new Models.Bom()
  bom.metadata.lifecycles.add(Enums.LifecyclePhase.Build)
  const program = component(Enums.ComponentType.Application, manifest)
  program.description = manifest.description
  program.externalReferences.add(
    new Models.ExternalReference(manifest.homepage, Enums.ExternalReferenceType.Website),
  )
  program.externalReferences.add(
    new Models.ExternalReference(manifest.repository.url, Enums.ExternalReferenceType.VCS),
  )
  bom.metadata.component = program
  for (const bundled of packages) {
    const library = component(Enums.ComponentType.Library, bundled)
    bom.components.add(library)
    program.dependencies.add(library.bomRef)
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6))
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`
}

/** Every licence has passed `notices`, so it is an SPDX identifier. */
function component(
  type: Enums.ComponentType,
  { name, version, license }: Pick<BundledPackage, 'name' | 'version' | 'license'>,
): Models.Component {
  const purl = packageUrl(name, version)
  const [, group, ownName = name] = /^(@[^/]+)\/(.*)$/.exec(name) ?? []
  return new Models.Component(type, ownName, {
    ...(group !== undefined && { group }),
    bomRef: purl,
    purl,
    version,
    licenses: new Models.LicenseRepository([new Models.SpdxLicense(String(license))]),
  })
}

/** A package URL of type npm: the @ of a scope is percent-encoded (purl-spec, "npm"). */
const packageUrl = (name: string, version: string): string => `pkg:npm/${name.replace('@', '%40')}@${version}`
