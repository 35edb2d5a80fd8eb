import { appleQr } from '../formats/apple-qr.ts'
import { autoconfig } from '../formats/autoconfig.ts'
import { autodiscover } from '../formats/autodiscover.ts'
import { autodiscoverJson } from '../formats/autodiscover-json.ts'
import type { Format } from '../formats/format.ts'
import { mailV1 } from '../formats/mail-v1.ts'
import { mobileconfig } from '../formats/mobileconfig.ts'
import { pacc } from '../formats/pacc.ts'
import { settingsJson } from '../formats/settings-json.ts'
import { settingsText } from '../formats/settings-text.ts'
import { thunderbirdQr } from '../formats/thunderbird-qr.ts'
import { page } from '../page/page-format.ts'

/** Every format. Routes, `render`, `check`, `explain` and metrics follow from this list. */
export const formats: readonly Format[] = [
  autoconfig,
  mailV1,
  autodiscover,
  autodiscoverJson,
  mobileconfig,
  appleQr,
  thunderbirdQr,
  settingsText,
  settingsJson,
  pacc,
  page,
]
