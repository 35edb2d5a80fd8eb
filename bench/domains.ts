import { appendFileSync, writeFileSync } from 'node:fs'

/** The keys of the two mail hosts that serve all domains in turn. */
export const hostKeys = ['maximusconfessor', 'vonmuenchhausen'] as const

/** The domain name with this number. It is the same in every run, unique below 2^20, and has 17 characters on average. */
export function domainAt(index: number): string {
  const bits = scatter(index)
  const first = pick(firstWords, bits)
  const second = pick(secondWords, bits >>> 6)
  return first + pick(joints, bits >>> 12) + second + pick(endings, bits >>> 16)
}

/** The mail host of a domain. Each generation of the map moves every domain to the other host, so that a reload is visible. */
export function hostKeyAt(index: number, generation = 0): string {
  return pick(hostKeys, index + generation)
}

/** Writes a map file of the first `count` domains, one `domain hostkey` a line. */
export function writeMap(file: string, count: number, generation = 0): void {
  writeFileSync(file, '')
  for (let start = 0; start < count; start += linesAtOnce) {
    let lines = ''
    for (let index = start; index < Math.min(start + linesAtOnce, count); index++) {
      lines += `${domainAt(index)} ${hostKeyAt(index, generation)}\n`
    }
    appendFileSync(file, lines)
  }
}

const linesAtOnce = 20_000

/** Odd multiplications and shifts to the right are one-to-one, so no two numbers below 2^20 collide. */
function scatter(index: number): number {
  const mask = 0xf_ffff
  let bits = Math.imul(index, 0x9_e3b5) & mask
  bits ^= bits >>> 9
  bits = Math.imul(bits, 0x2_c1b3) & mask
  return bits ^ (bits >>> 11)
}

function pick(list: readonly string[], number: number): string {
  return list[number % list.length] ?? ''
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/)

/** 64 words. No word is another word plus the start of a second word, because then names would collide. */
const firstWords = words(`
  abend alpen anker antwerp atelier aurora avenir bakery berlin birch bruxelles canal cedar cobalt coral delta
  dolphin eagle elm ember falcon fjord forest garden granite hafen harbor hill horizon iris jade jardin
  kiosk lagoon lake linden lumen maison meadow mistral monsoon nord oak orchard papier pixel prairie quartz
  river rosa saffron sierra silver solar studio summit terra thistle tulip velvet vista willow winter zephyr`)

/** 64 words. */
const secondWords = words(`
  agency art baeckerei bank bikes books brewery cafe care clinic club consult craft dance dental design
  energy events farm film fitness foods galerie garage glass group guide hotel invest jazz kitchen labs
  legal logistics market media motors museum music news notary optik partner pharma photo press print radio
  realty school services shop software sport systems tax tech theatre tours travel verein wine works yoga`)

/** 16 words. */
const joints = [
  '',
  '-',
  '-and-',
  '-und-',
  '-et-',
  '24-',
  '1-',
  '2-',
  '3-',
  '-4-',
  '-5-',
  '-6-',
  'x',
  '-the-',
  '-les-',
  '-web-',
]

/** 16 words. */
const endings = words('.com .org .net .de .be .fr .nl .eu .at .ch .co.uk .it .info .io .se .es')
