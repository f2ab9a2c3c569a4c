story "三十天：暂缓、国庆假期与调休、评价提醒" rows A3 A8 E3

at 2026-09-18 16:00 Asia/Shanghai
shop hours mon-fri 09:00-18:00 Asia/Shanghai holidays cn
agent 林夏 works here with capacity 3
agent 周远 works here with capacity 3

# 周五下午：缺货，暂缓三天。
agent 林夏 comes online
customer 小林 opens shop in zh-CN
customer 小林 says "我订的鞋什么时候能补到货，转人工"
小林 is offered to 林夏 with summary "我订的鞋什么时候能补到货"
agent 林夏 accepts 小林
agent 林夏 says to 小林 "下周一给您答复"
agent 林夏 snoozes 小林 for 3 days
小林 is snoozed
agent 林夏 goes offline

# 周六下班时间有人来，被告知明天上班：9 月 20 日是调休的周日。
at 2026-09-19 11:00 Asia/Shanghai
customer 小周 opens shop in zh-CN
customer 小周 says "我要找真人客服"
小周 hears "明天 09:00开始服务"
customer 小周 gives phone "13800000000"
at 2026-09-20 09:00 Asia/Shanghai
agent 周远 comes online
小周 is offered to 周远
agent 周远 accepts 小周
agent 周远 says to 小周 "周日我们也在"
agent 周远 resolves 小周
小周 was asked to rate 1 time
agent 周远 goes offline

# 一天没有评价，提醒一次，再不打扰。
after 25 hours
小周 was asked to rate 2 times
小周 hears "打扰一下"
after 3 days
小周 was asked to rate 2 times

# 周一暂缓到期，回到林夏手上。
小林 is assigned to 林夏
agent 林夏 comes online
agent 林夏 says to 小林 "国庆后到货，我先挂起"
agent 林夏 snoozes 小林 until 2026-10-12 10:00 Asia/Shanghai
agent 林夏 goes offline

# 国庆第二天，等不及的客户来信，会话醒来；新客户知道 10 月 8 日才有人。
at 2026-10-02 15:00 Asia/Shanghai
customer 小林 says "能不能早点？"
小林 is assigned to 林夏
customer 小吴 opens shop in zh-CN
customer 小吴 says "转人工"
小吴 hears "国庆节假期，人工客服10月8日（周四）09:00恢复服务"
小吴 is queued
at 2026-10-08 09:00 Asia/Shanghai
agent 林夏 comes online
小吴 is offered to 林夏
agent 林夏 accepts 小吴
agent 林夏 resolves 小吴
customer 小吴 rates 3
小吴 rated 3
agent 林夏 hears "能不能早点" from 小林
agent 林夏 says to 小林 "今天就寄出"
agent 林夏 makes ticket "补货寄出" for 小林
agent 林夏 resolves 小林

# 10 月 10 日周六照常上班；机器人的会话一天没人理，自己结束。
at 2026-10-10 10:00 Asia/Shanghai
小林 was asked to rate 2 times
小吴 was asked to rate 1 time
customer 小郑 opens shop in zh-CN
customer 小郑 says "发票怎么开"
bot answers 小郑 citing "发票"
agent 林夏 moves ticket of 小林 to done "已签收"
ticket page of 小林 shows done "已签收"
after 25 hours
小郑 is resolved
小郑 was asked to rate 0 times

# 第三十天：客户还在原处，一条不丢。
at 2026-10-18 16:00 Asia/Shanghai
customer 小林 says "收到了，谢谢！尺码也对，下次还来"
小林 has "下周一给您答复" once
小林 has "能不能早点？" once
小林 is assigned to 林夏
