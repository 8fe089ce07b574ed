/**
 * Every word of the pages, 中文 first, English second; those of screens that are fetched later stand beside them,
 * so that the wall does not wait, and the English of these goes out in a file of its own (vite.config.ts).
 * `{n}` is filled in; an English word with a bar has a form for one and a form for many. A thin space stands before a unit.
 */
import type { CaseWord } from "./cases/words.ts";
import type { CoverageWord } from "./coverage/words.ts";
import type { DeviceWord } from "./devices/words.ts";
import type { LiveWord } from "./live/words.ts";
import type { LetterWord } from "./letters/words.ts";
import type { LoginWord } from "./login/words.ts";
import type { MarketWord } from "./market/words.ts";
import type { OfficeWord } from "./office/words.ts";
import type { PatrolWord } from "./patrol/words.ts";
import type { PhoneWord } from "./phone/words.ts";
import type { DutyWord } from "./phone/duty/words.ts";
import type { HelpWord } from "./phone/help/words.ts";
import type { FrameWord } from "./phone/frame/words.ts";
import type { MineWord } from "./phone/mine/words.ts";
import type { PlaybackWord } from "./playback/words.ts";
import type { RegisterWord } from "./registers/words.ts";
import type { RosterWord } from "./duty/words.ts";
import type { ShellWord } from "./shell/words.ts";
import type { LaterWord } from "./wall/later/words.ts";
import type { ZoneWord } from "./zones/words.ts";

export type Lang = "zh" | "en";
export type WordPair = readonly [zh: string, en: string];

const WORDS = {
  "app.name": ["联防", "Lianfang"],
  "app.language": ["English", "中文"],
  "app.theme.dark": ["夜间", "Dark"],
  "app.theme.light": ["日间", "Light"],
  "app.logout": ["退出登录", "Log out"],
  "app.menu": ["{name}：语言、明暗、退出", "{name}: language, theme, log out"],
  "app.skip": ["跳到正文", "Skip to content"],
  "app.again": ["再试一次", "Try again"],
  "app.loading": ["读取中", "Loading"],
  "app.loading.long": ["读取中，已 {n}\u2009秒", "Loading for {n}\u2009s"],
  "app.close": ["关上", "Close"],
  "app.nowhere": ["没有这个页面", "There is no such page"],
  "nav.label": ["页面", "Pages"],
  "nav.wall": ["值守", "Wall"],
  "nav.cases": ["案件", "Cases"],
  "nav.zones": ["防区", "Zones"],
  "nav.devices": ["设备", "Devices"],
  "nav.letters": ["坏信", "Letters"],
  "nav.playback": ["回放", "Playback"],
  "nav.registers": ["登记", "Registers"],
  "nav.office": ["人员", "People"],
  "nav.market": ["市场与覆盖", "Market"],
  "nav.duty": ["值班", "Duty"],
  "nav.patrol": ["巡逻", "Patrol"],
  "nav.another": ["换市场", "Change market"],
  "nav.me": ["我的账号", "My account"],
  "nav.alerts": ["未处理告警", "Open alerts"],
  "p0.elsewhere": ["有紧急告警没人接：{kind}，{place}", "An urgent alert nobody has taken: {kind}, {place}"],
  "p0.elsewhere.go": ["去值守页处理", "Go to the wall"],

  "login.away": ["连不上机房", "The hub cannot be reached"],

  "sev.0": ["紧急", "Urgent"],
  "sev.1": ["重要", "High"],
  "sev.2": ["一般", "Normal"],
  "sev.3": ["提示", "Note"],

  "unit.s": ["{n}\u2009秒", "{n}\u2009s"],
  "unit.min": ["{n}\u2009分", "{n}\u2009min"],
  "unit.h": ["{n}\u2009小时", "{n}\u2009h"],
  "unit.d": ["{n}\u2009天", "{n}\u2009d"],
  "unit.m": ["{n}\u2009m", "{n}\u2009m"],
  "unit.m2": ["{n}\u2009m²", "{n}\u2009m²"],

  "wall.title": ["联防值守", "Duty wall"],
  "top.blind": ["现在看不见 {n} 台", "Blind now: {n} camera|Blind now: {n} cameras"],
  "top.blind.none": ["接入的 {n} 台摄像机都看得见", "All {n} connected cameras see"],
  "top.blind.unknown": ["现在看不看得见，不知道", "Whether cameras see is not known now"],
  "top.critical": ["其中 {n} 台关键：{names}", "{n} critical: {names}"],
  "top.duty": ["在岗 {on} / {of}", "On duty {on} / {of}"],
  "top.lead": ["带班 {name}", "Lead {name}"],
  "top.desk": ["机房 {names}", "Desk {names}"],
  "top.handover": ["交接", "Handover"],
  "top.left": ["还有 {t}", "in {t}"],
  "sound.on": ["声音开", "Sound on"],
  "sound.off": ["声音没开，按这里打开", "Sound is off: press here"],
  "sound.muted": ["{name} 静音 {n}\u2009秒", "Muted by {name}, {n}\u2009s"],
  "sound.mute": ["静音 30\u2009秒；紧急告警照响", "Mute for 30\u2009s; urgent alerts still sound"],
  "sound.try": ["打开声音并试一声", "Turn sound on and try it"],

  "old.title": ["画面是旧的 {at}", "This picture is old: {at}"],
  "old.why": ["与机房断开 {t}，正在重连。告警改走手台，电话照常可用。", "Cut off from the hub for {t}, reconnecting. Use the radios for alerts; the phones work."],
  "old.never": ["还没连上机房，已等 {t}。告警改走手台，电话照常可用。", "Not connected to the hub yet, waiting {t}. Use the radios for alerts; the phones work."],

  "silent.cut": ["机房失联", "The hub is silent"],
  "silent.deaf": ["机房收不到设备消息", "The hub hears no devices"],
  "silent.since.deaf": ["{at} 起没有证明机房还收得到设备的消息，新告警可能到不了这里。", "Since {at} nothing proves that the hub hears its devices: new alerts may not arrive here."],
  "silent.seen": ["知道了，停声", "Seen: stop the sound"],

  "live.title": ["实时", "Live"],
  "live.sub": ["{n} 路", "{n} view|{n} views"],
  "live.nine": ["9 路", "9 views"],
  "live.follows": ["大图跟随所选告警", "Large: the alert"],
  "live.fixed": ["大图看 {name}，选告警后恢复", "Large tile shows {name} until you pick an alert"],
  "live.choose": ["第 {n} 格看哪台", "Camera of tile {n}"],
  "live.since": ["自 {at} · {t}", "since {at} · {t}"],
  "live.stale": ["画面停在 {at}", "Picture stopped at {at}"],
  "live.none": ["还没有画面", "No picture yet"],
  "live.denied": ["你不能看直播。{why}", "You may not watch live. {why}"],
  "live.alt": ["{camera} 实时画面，{place}", "Live picture of {camera}, {place}"],
  "live.empty": ["市场里还没有登记摄像机", "No camera is registered in this market yet"],

  "plan.title": ["平面", "Plan"],
  "plan.sub": ["{shops} 户 · {grids} 网格 · {cameras} 台摄像机", "{shops} shops, {grids} grids, {cameras} cameras"],
  "plan.label": ["市场平面图", "Market plan"],
  "plan.in": ["放大", "Zoom in"],
  "plan.out": ["缩小", "Zoom out"],
  "plan.whole": ["看全场", "Whole market"],
  "plan.seen": ["看得到", "In view"],
  "plan.blindnow": ["现在看不见", "Blind now"],
  "plan.crew": ["巡逻组", "Crew"],
  "plan.shop": ["{name}，{grid}，第 {group} 组", "{name}, {grid}, group {group}"],
  "plan.shops": ["商铺，方向键移动", "Shops, move with the arrow keys"],
  "plan.mark": ["{severity} {kind}，{place}", "{severity} {kind}, {place}"],
  "plan.camera": ["{name}，{place}", "{name}, {place}"],
  "plan.legend": ["图例", "Legend"],

  "crews.title": ["在岗与巡逻", "Crews on round"],
  "crews.no": ["组", "No."],
  "crews.people": ["人员", "People"],
  "crews.grid": ["网格", "Grid"],
  "crews.round": ["本轮", "Round"],
  "crews.at": ["位置", "At"],
  "crews.gap": ["最久未到", "Gap"],
  "crews.missing": ["缺岗", "missing"],
  "crews.none": ["现在没有排班的巡逻组", "No crew is on the roster now"],

  "blind.title": ["现在看不见", "Blind now"],
  "blind.camera": ["摄像机", "Camera"],
  "blind.cause": ["原因", "Cause"],
  "blind.for": ["时长", "For"],
  "blind.area": ["视野", "View"],
  "blind.key": ["关键", "key"],
  "blind.none": ["接入的 {n} 台都在传画面", "All {n} connected cameras send pictures"],
  "blind.idle": ["接入 {n} / {of} 台，其余还没接入", "{n} / {of} cameras connected, the others not yet"],
  "blind.more": ["还有 {n} 台", "{n} more"],
  "blind.total": ["视野共约 {n}\u2009m²", "about {n}\u2009m² of view"],
  "path.selftest": ["告警链路自检 {passed} / {of} 通过，末次 {at}", "Alarm path test {passed} / {of} passed, {at}"],
  "path.never": ["告警链路还没自检过", "The alarm path has not been tested yet"],
  "path.edges": ["边缘 {online} / {of} 在线", "Edge {online} / {of} online"],
  "path.offset": ["时钟差 {n}\u2009s", "clock off by {n}\u2009s"],

  "queue.title": ["告警", "Alerts"],
  "queue.sub": ["{n} 条 · 未确认 {new}", "{n} open, {new} new"],
  "queue.list": ["未处理告警，J 下一条，K 上一条", "Open alerts, J next, K back"],
  "queue.held": ["新到 {n} 条", "{n} more arrived"],
  "queue.held.why": ["正在看，先不插入列表", "Held back while you read"],
  "queue.empty": ["没有未处理告警", "No open alerts"],
  "queue.empty.test": ["链路自检 {at} 通过 {passed} / {of}", "Alarm path tested {at}: {passed} / {of}"],
  "queue.empty.heard": ["{at} 收到机房消息", "Heard from the hub at {at}"],
  "queue.more": ["还有 {n} 条在下面，处理完自动补上", "{n} more below; they move up as you work"],
  "queue.limit": ["确认时限 {t}", "acknowledge within {t}"],
  "queue.late": ["超时 +{t}", "late +{t}"],
  "queue.number": ["告警 {n}", "Alert {n}"],
  "state.new": ["未确认", "New"],
  "state.looking": ["{name} 核看中", "{name} looking"],
  "state.ACKED": ["核看中", "Looking"],
  "state.CONFIRMED": ["已立案", "Case open"],
  "state.DISMISSED": ["不成立", "Dismissed"],
  "state.ATTACHED": ["已并入", "Attached"],
  "state.EXPIRED": ["已过时限", "Expired"],
  "alert.drill": ["演练", "Drill"],
  "alert.place": ["地点", "Place"],
  "alert.what": ["情况", "What"],
  "alert.stayed": ["已持续 {n}\u2009秒", "lasting {n}\u2009s"],
  "alert.count": ["{n} 人", "{n} person|{n} people"],
  "alert.score": ["可信度 {n}\u2009%", "confidence {n}\u2009%"],
  "alert.nearest": ["最近", "Nearest"],
  "alert.crew": ["{n} 组", "Crew {n}"],
  "alert.walk": ["{m}\u2009m，约 {s}\u2009秒", "{m}\u2009m, about {s}\u2009s"],
  "alert.somewhere": ["在岗，位置不明", "on duty, place not known"],
  "alert.nobody": ["附近没有在岗的组", "no crew on duty near by"],
  "alert.leader": ["格长", "Leader"],
  "alert.armband": ["红袖标 {n}", "armband {n}"],
  "alert.still": ["告警图片：{kind}，{place}，{at}", "Alert picture: {kind}, {place}, {at}"],
  "alert.nostill": ["没有随告警传来的图片", "No picture came with this alert"],
  "alert.unseen": ["图片打不开：可能你不能看这台摄像机", "The picture does not open: you may not be allowed to see this camera"],
  "alert.clip": ["告警录像：{kind}，{place}", "Alert clip: {kind}, {place}"],
  "alert.replaying": ["录像回放", "Replay"],
  "alert.box": ["{label} {at}", "{label} {at}"],
  "act.confirm": ["确认并立案", "Open case"],
  "act.dismiss": ["不成立", "Dismiss"],
  "act.replay": ["回看录像", "Replay"],
  "act.still": ["看图片", "Still"],
  "act.take": ["我来看", "Take it"],
  "act.attach": ["并入", "Attach"],
  "act.send": ["派组", "Send crew"],
  "act.undo": ["撤回 {n}\u2009s", "Undo {n}\u2009s"],
  "act.case": ["打开案件", "Open the case"],
  "act.show": ["放进列表", "Show them"],
  "act.busy": ["正在做", "Working"],
  "done.confirm": ["已确认并立案", "Confirmed, case open"],
  "done.dismiss": ["{kind}：不成立，{reason}", "{kind}: dismissed, {reason}"],
  "done.call": ["{at} 已记拨打 {n}", "Call to {n} noted at {at}"],
  "done.take": ["你在核看，时限停了", "You are looking; the clock has stopped"],
  "ask.dismiss": ["为什么不成立？", "Why is it not true?"],
  "ask.leave": ["不选了", "Leave"],
  "fail.no": ["没做成：{why}", "Not done: {why}"],
  "fail.noclip": ["录像还没传到，图片可看", "The clip has not arrived yet; the still is here"],
  "fail.nopick": ["先选一条告警", "Pick an alert first"],
  "fail.decided": ["这一条已经处理过了", "This one has been decided already"],
  "fail.nocase": ["这一条还没有案件", "This one has no case yet"],
  "reason.staff": ["自己人", "Staff"],
  "reason.animal": ["动物", "Animal"],
  "reason.light": ["光影", "Shadow"],
  "reason.authorised": ["已报备", "Authorised"],
  "reason.duplicate": ["重复", "Duplicate"],
  "reason.other": ["其他", "Other"],
  "keys.next": ["下 / 上一条", "next / back"],
  "keys.reason": ["原因", "reason"],
  "keys.all": ["所有按键", "All keys"],

  "kind.intrusion": ["禁入区有人", "Person in closed area"],
  "kind.line": ["越线", "Line crossed"],
  "kind.linger": ["长时间逗留", "Lingering"],
  "kind.crowd": ["人群聚集", "Crowding"],
  "kind.left": ["遗留物品", "Unattended object"],
  "kind.removed": ["物品移走", "Object removed"],
  "kind.blocked": ["通道占用", "Aisle obstructed"],
  "kind.vehicle": ["车辆闯入", "Vehicle in closed area"],
  "kind.fire": ["明火", "Flames"],
  "kind.smoke": ["烟雾", "Smoke"],
  "kind.covered": ["画面被遮挡", "Camera covered"],
  "kind.defocused": ["画面失焦", "Out of focus"],
  "kind.moved": ["机位移动", "Camera moved"],
  "kind.dazzled": ["画面过曝", "Camera dazzled"],
  "kind.frozen": ["画面冻结", "Picture frozen"],
  "kind.lost": ["画面中断", "Camera lost"],
  "kind.hole": ["录像缺失", "Gap in recording"],
  "kind.clock": ["时钟偏差", "Clock off"],
  "kind.panic": ["紧急求救", "Panic button"],
  "kind.help": ["邻里求助", "Help next door"],
  "kind.medical": ["医疗求助", "Medical help"],
  "kind.dark": ["前端失联", "Edge silent"],
  "kind.gap": ["消息缺失", "Messages missing"],
  "kind.missed": ["巡逻漏点", "Patrol missed"],
  "kind.late": ["巡逻未开始", "Round not begun"],
  "kind.lone": ["独行未报平安", "Lone worker silent"],
  "kind.canary": ["每日试警未到", "Daily test alarm missing"],
  "label.person": ["人", "person"],
  "label.car": ["小汽车", "car"],
  "label.truck": ["货车", "truck"],
  "label.bus": ["大客车", "bus"],
  "label.motorcycle": ["摩托车", "motorcycle"],
  "label.bicycle": ["自行车", "bicycle"],
  "label.dog": ["狗", "dog"],
  "label.cat": ["猫", "cat"],
  "label.bird": ["鸟", "bird"],
  "label.backpack": ["背包", "backpack"],
  "label.handbag": ["手提包", "bag"],
  "label.suitcase": ["箱子", "suitcase"],
  "label.flame": ["明火", "flame"],
  "label.fire": ["明火", "flames"],
  "label.thing": ["物品", "something"],
  "label.smoke": ["烟", "smoke"],
  "camera.opening": ["正在连接", "Connecting"],
  "camera.lost": ["离线", "Offline"],
  "camera.covered": ["遮挡", "Covered"],
  "camera.defocused": ["失焦", "Blurred"],
  "camera.moved": ["被转动", "Moved"],
  "camera.dazzled": ["过亮", "Dazzled"],
  "camera.frozen": ["画面冻结", "Frozen"],
  "camera.offline": ["离线", "Offline"],
  "camera.masked": ["已遮蔽", "Masked"],
  "cause.no-network": ["网络不通", "no network"],
  "cause.refused-login": ["密码不对", "log-in refused"],
  "cause.silent": ["没有回应", "no answer"],
  "cause.decoder-crashed": ["解码出错", "decoder crashed"],
  "cause.not-video": ["不是能看的视频", "not a usable video"],
  "cause.ended": ["视频流断了", "stream ended"],
  "cause.not-found": ["找不到视频", "not found"],

  "role.guard": ["保安", "Guard"],
  "role.shop": ["商户", "Shop"],
  "role.monitor": ["监控员", "Monitor"],
  "role.dispatcher": ["派遣席", "Dispatcher"],
  "role.manager": ["市场经理", "Market manager"],
  "role.agency": ["职能部门", "Agency"],
  "role.liaison": ["驻场民警", "Police liaison"],
  "role.district": ["街道/区", "Street or district"],
  "role.auditor": ["审计员", "Auditor"],
  "role.admin": ["系统管理员", "Administrator"],
  "role.system": ["系统", "System"],
  "role.centre": ["中心商户", "Centre shop"],
  "role.desk": ["受理核查席", "Acceptance desk"],
  "role.leader": ["网格长", "Grid leader"],
  "role.volunteer": ["信息员", "Information volunteer"],
  "role.public": ["公众", "Public"],
  "role.display": ["大屏", "Wall display"],
  "role.device": ["设备", "Device"],
  "role.unit": ["处置单位", "Unit"],
  "role.lead": ["值班负责人", "Head of duty"],
} as const satisfies Record<string, WordPair>;

/** A word that no table has does not compile. */
export type Word = keyof typeof WORDS | CaseWord | CoverageWord | DeviceWord | DutyWord | HelpWord | FrameWord | LaterWord | LetterWord | LiveWord | LoginWord | MarketWord | MineWord | OfficeWord | PatrolWord | PhoneWord | PlaybackWord | RegisterWord | RosterWord | ShellWord | ZoneWord;

/** The wall's words may stand here without their English: it is fetched by whoever reads it. */
const table: Record<string, readonly [zh: string, en?: string]> = { ...WORDS };
let english: Readonly<Record<string, string>> = {};

/** Fetch the English of the wall's words; where the hub does not give it, the 中文 stands. */
export async function speakEnglish(): Promise<void> {
  english = await import("./words.ts?en").then((found) => found.default, () => english);
}

/** Take up the words of a page that is loaded later. */
export function learn(words: Readonly<Record<string, WordPair>>): void {
  Object.assign(table, words);
}

/** The word in one language, its `{name}`s filled in; `n` chooses between one and many. */
export function say(word: Word, lang: Lang, fill: Readonly<Record<string, string | number>> = {}): string {
  const [zh = word, en = english[word] ?? zh] = table[word] ?? [];
  const text = lang === "zh" ? zh : en;
  const [one = "", many = one] = text.split("|");
  const form = fill.n === 1 ? one : many;
  return form.replace(/\{(\w+)\}/g, (_, name: string) => String(fill[name] ?? ""));
}

/** The word of a code that the hub sent, or the code itself where no word stands yet. */
export function sayCode(family: string, code: string, lang: Lang): string {
  const word = `${family}.${code}`;
  return word in table ? say(word as Word, lang) : code;
}
