/** The words of the pages for a phone that comes in and for an armband's number; see words.ts. */
import type { WordPair } from "../words.ts";

export const PHONE_WORDS = {
  "enrol.title": ["开通这部手机", "Bring this phone in"],
  "enrol.why": ["开通后 30 天内不用再登录。密钥只留在这部手机里，换手机要重新扫码；手机丢了，马上告诉中心商户停用。", "After this you stay signed in for 30 days. The key stays in this phone; another phone needs a new code. If you lose it, tell your coordinator at once."],
  "enrol.label": ["这部手机叫什么", "What this phone is called"],
  "enrol.go": ["开通", "Bring it in"],
  "enrol.busy": ["开通中", "Working"],
  "enrol.nocode": ["这个地址里没有开通码。请对着中心商户屏幕上的二维码再扫一次。", "There is no code in this address. Scan the code on your coordinator's screen again."],
  "enrol.unsafe": ["这个浏览器现在不能保管密钥。请用 https:// 开头的地址打开（先按机房的说明信任证书），再扫一次。", "This browser cannot keep a key here. Open the address that begins with https:// (trust the hub's certificate first), then scan again."],
  "enrol.done": ["已开通：{name}", "In: {name}"],
  "enrol.enter": ["开始使用", "Begin"],
  "band.title": ["红袖标核验", "Armband check"],
  "band.role": ["身份", "Role"],
  "band.node": ["范围", "Where"],
  "band.worn": ["这个编号今天有人佩戴", "This number is worn today"],
  "band.noname": ["这里从不显示姓名。佩戴人身份与上面不符，请到市场治安工作室核实，或拨打 110。", "A name is never shown here. If whoever wears it is something else, ask at the market office or dial 110."],
  "band.address": ["地址不完整，请再扫一次红袖标上的二维码。", "The address is incomplete. Scan the code on the armband again."],
} as const satisfies Record<string, WordPair>;

export type PhoneWord = keyof typeof PHONE_WORDS;
