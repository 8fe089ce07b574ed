/** The words of the pages that are kept on this machine; see words.ts. */
import type { WordPair } from "../words.ts";

export const SHELL_WORDS = {
  "newer.title": ["有新版本", "A new version is there"],
  "newer.why": ["手上的事做完再换，要几秒钟。", "Finish what you are doing, then load it; it takes seconds."],
  "newer.go": ["现在换", "Load it now"],
  "newer.later": ["以后再换", "Later"],
  "left.why": ["15 分钟没人操作，已自动退出，请重新登录。", "Nobody was here for 15 minutes, so you were signed out. Log in again."],
  "away.title": ["连不上机房", "No connection to the hub"],
  "away.last": ["最后一次连通：{at}（{t}前）", "Last heard at {at}, {t} ago"],
  "away.never": ["这台设备还没有连通过机房。", "This device has never reached the hub."],
  "away.why": ["这一页是存在本机的，里面没有告警，也没有案件。每 5 秒自动重试，通了会自己打开。", "This page is kept on this device and holds no alerts and no cases. It tries again every 5 s and opens by itself."],
  "away.do": ["先这样做", "Until then"],
  "away.radio": ["报警、调人用手台或电话。", "Use the radio or the phone for alerts and crews."],
  "away.net": ["看看本机的网络：Wi-Fi 或网线连着吗？", "Look at this device's network: is the Wi-Fi or the cable connected?"],
  "away.hub": ["网络是好的，就告诉机房：主机可能关了。", "If it is, tell the machine room: the hub may be off."],
  "away.call": ["打电话", "Call"],
  "away.119": ["火警", "Fire"],
  "away.110": ["报警", "Police"],
  "away.120": ["急救", "Ambulance"],
} as const satisfies Record<string, WordPair>;

export type ShellWord = keyof typeof SHELL_WORDS;
