story "客户同意后，着急与不满被留意：先安抚、提高优先级、请主管关注；撤回同意后一切停止" rows B3

shop notices feelings on
agent 林夏 works here
customer 小周 opens shop in zh-CN
customer 小周 says "再不处理我就打12315投诉你们"
小周 is not cared for
小周 has priority normal

customer 小周 agrees that feelings are noticed
customer 小周 says "再不处理我就打12315投诉你们！太让人失望了！"
小周 is cared for by alert_supervisor
小周 is cared for by prioritise
小周 has priority urgent
customer 小周 asks for a person
小周 is queued

customer 小周 takes consent back
小周 is not cared for
小周 has priority normal
customer 小周 says "我要投诉，找媒体曝光你们"
小周 is not cared for
