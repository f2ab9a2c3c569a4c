story "机器人用知识库回答，并给出出处" rows A5

customer 小林 opens shop in zh-CN
customer 小林 says "你好"
小林 hears "智能助手"
customer 小林 says "我买的鞋码数不合适，可以换吗？"
bot answers 小林 citing "换货"
小林 has "15 天" once
customer 小林 says "发票怎么开"
bot answers 小林 citing "发票"
# 谢谢不是问题，不去查知识库。
customer 小林 says "好的，谢谢"
小林 hears "不客气"
小林 is with the bot
customer 小林 says "你是机器人吗？"
小林 hears "是程序不是真人"
