import type { Client } from '../client.ts'
import { aerc } from './aerc.ts'
import { appleMail, gmail, newOutlook, samsungEmail } from './ask-nobody.ts'
import { deltaChat } from './delta-chat.ts'
import { emClient } from './em-client.ts'
import { emailEngine } from './email-engine.ts'
import { evolution } from './evolution.ts'
import { fairemail, fairemailPlay } from './fairemail.ts'
import { geary } from './geary.ts'
import { gnomeOnlineAccounts } from './gnome-online-accounts.ts'
import { horde } from './horde.ts'
import { kmail } from './kmail.ts'
import { mailspring } from './mailspring.ts'
import { mustang } from './mustang.ts'
import { nextcloud } from './nextcloud.ts'
import { outlook } from './outlook.ts'
import { pimalaya } from './pimalaya.ts'
import { snappymail } from './snappymail.ts'
import { thunderbird } from './thunderbird.ts'
import { thunderbirdAndroid } from './thunderbird-android.ts'
import { thunderbirdIos } from './thunderbird-ios.ts'

/** In the order in which `--all-clients` prints them. */
export const clients: readonly Client[] = [
  thunderbird,
  thunderbirdAndroid,
  thunderbirdIos,
  evolution,
  gnomeOnlineAccounts,
  kmail,
  geary,
  fairemail,
  fairemailPlay,
  deltaChat,
  nextcloud,
  snappymail,
  mailspring,
  mustang,
  aerc,
  pimalaya,
  emailEngine,
  horde,
  outlook,
  emClient,
  appleMail,
  newOutlook,
  gmail,
  samsungEmail,
]
