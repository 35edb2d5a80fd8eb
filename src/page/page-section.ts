import * as z from 'zod'
import { pageLanguages } from '../messages/catalogue.ts'
import { contrastWith, nearestWithContrast, paper, wantedContrast } from './colours.ts'

/** A colour that can be read on the paper of the page. */
const colour = (background: string, name: string) =>
  z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour such as #1f5fa8')
    .refine(
      (value) =>
        /^#[0-9a-fA-F]{6}$/.test(value) === false || contrastWith(value, background) >= wantedContrast,
      {
        error: ({ input }) => {
          const value = input as string
          const contrast = contrastWith(value, background).toFixed(1)
          return `has a contrast of ${contrast}:1 with the ${name} page, and people need ${wantedContrast}:1 to read it (WCAG 2.2, 1.4.3); use for example ${nearestWithContrast(value, background)}`
        },
      },
    )

/** `page:` of the configuration. */
export const pageSection = z
  .strictObject({
    language: z.enum(pageLanguages).default('en').meta({
      description: 'The language for people whose browser asks for none of en, fr, nl and de.',
    }),
    logo: z.string().min(1).optional().meta({
      description: 'File with your logo: SVG, PNG, JPEG or WebP, at most 50 kB. Relative to this file.',
    }),
    accent: colour(paper.light, 'white').default('#1f5fa8').meta({
      description: 'The colour of links and buttons. Its contrast with the page is checked.',
    }),
    accentDark: colour(paper.dark, 'dark').optional().meta({
      description: 'The same for people who prefer a dark page. By default a lighter shade of accent.',
    }),
    templates: z.string().min(1).optional().meta({
      description:
        'Directory with templates (*.eta) that replace those of the page with the same name. Relative to this file.',
    }),
  })
  .prefault({})
  .meta({ description: 'The page for people.' })
export type PageSection = z.infer<typeof pageSection>

/** Takes the place of an invalid section. Never served. */
export const placeholderPage: PageSection = { language: 'en', accent: '#000000' }
