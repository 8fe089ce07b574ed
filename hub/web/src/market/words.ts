/** The words of the market's page; see words.ts. */
import type { WordPair } from "../words.ts";

export const MARKET_WORDS = {
  "market.sides": ["市场各页", "Pages about the market"],
  "market.side.grids": ["网格与小组", "Grids and groups"],
  "market.floor": ["市场平面", "The market's plan"],
  "market.count": ["{grids} 网格 · {groups} 组 · {shops} 户", "{grids} grids, {groups} groups, {shops} shops"],
  "market.by": ["怎么看", "Shown by"],
  "market.by.grid": ["网格", "Grids"],
  "market.by.group": ["十户组", "Groups"],
  "market.by.open": ["营业", "Open"],
  "market.centre": ["中心商户", "Centre shop"],
  "market.centres": ["中心商户", "Centre shops"],
  "market.shut": ["停业", "Closed"],
  "market.trades": ["营业", "Trading"],
  "market.moves": ["要换", "moves"],
  "market.gate": ["门", "Gate"],
  "market.day": ["看哪天", "Day"],
  "market.day.back": ["前一天", "Day before"],
  "market.day.next": ["后一天", "Day after"],
  "market.day.today": ["今天", "Today"],
  "market.day.past": ["这是 {day} 的划法，不是今天的", "This is how it was on {day}, not today"],
  "market.day.ahead": ["这是 {day} 的划法，还没到", "This is how it will be on {day}, not today"],
  "market.grids": ["各网格", "The grids"],
  "market.grid": ["网格", "Grid"],
  "market.shops": ["户", "Shops"],
  "market.groups": ["组", "Groups"],
  "market.leader": ["格长", "Leader"],
  "market.leader.none": ["还没有格长", "no leader yet"],
  "market.empty": ["市场里还没有铺位：到“导入导出”里导入", "No premises yet: bring them in under 'Import and export'"],
  "market.here.group": ["第 {n} 组", "group {n}"],
  "market.here.none": ["还没有分组", "in no group yet"],
  "market.here.centre": ["中心商户 {name}", "centre shop {name}"],
} as const satisfies Record<string, WordPair>;

export type MarketWord = keyof typeof MARKET_WORDS;
