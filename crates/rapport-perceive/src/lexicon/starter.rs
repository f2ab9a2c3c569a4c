//! The lexicon that ships: six groups, written by hand.

use super::{Entry, Lexicon, import};

const TABLE: &str = include_str!("../../data/lexicon.tsv");

/// Entries of all six groups.
pub fn entries() -> Vec<Entry> {
    import::entries(TABLE).unwrap_or_default()
}

impl Lexicon {
    /// The shipped entries behind the tenant's own, which win.
    pub fn with_starter(own: Vec<Entry>) -> Self {
        let mut all = own;
        all.extend(entries());
        Self::new(all)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::lexicon::{By, Group};

    #[test]
    fn every_group_is_there_with_eighty_terms_and_more() {
        assert!(import::entries(TABLE).is_ok(), "{:?}", import::entries(TABLE));
        let mut terms: BTreeMap<Group, BTreeSet<String>> = BTreeMap::new();
        for it in entries() {
            assert!(terms.entry(it.group).or_default().insert(it.canonical.clone()), "{} stands twice in {:?}", it.canonical, it.group);
        }
        for group in Group::ALL.into_iter().filter(|it| *it != Group::Own) {
            assert!(terms.get(&group).is_some_and(|it| it.len() >= 80), "{group:?}");
        }
    }

    fn check(text: &str, expect: &str) {
        let told = Lexicon::with_starter(Vec::new()).rewrite(text);
        assert_eq!(told.text, expect, "{:?}", told.replaced);
    }

    #[test]
    fn what_is_said_in_each_group_is_understood() {
        check("唔該，呢個點樣退返貨啊", "谢谢,这个怎么退货啊".replace(',', "，").as_str());
        check("你哋嘅门店喺边度", "你们嘅门店在哪里");
        check("我嘅单而家去到边度喇", "我嘅单现在去到哪里喇");
        check("我想问哈这个好多钱", "我想问一下这个多少钱");
        check("衣服收到就整坏了咋个办", "衣服收到就坏了怎么办");
        check("这玩意咋整啊", "这东西怎么办啊");
        check("你麻溜的给我退喽", "你快点给我退货");
        check("侬帮我看看搿个物事几钿", "你帮我看看这个东西多少钱");
        check("歹势，这个有保固吗", "不好意思，这个有保修吗");
        check("酱紫肿么办", "这样怎么办");
        check("木有收到kd", "没有收到快递");
    }

    /// Ordinary sentences, in which nothing is to be found.
    const ORDINARY: &str = "我想退货，请问怎么操作|这件衣服什么时候发货|订单显示已签收但是我没收到|请帮我查一下物流信息|能不能换一个大一点的尺码|我要投诉你们的快递员|发票可以开公司抬头吗|\
        这个产品的质量怎么样|保修期是多长时间|七天无理由退货需要什么条件|退款多久能到账|我的账户被冻结了怎么解冻|密码忘记了如何找回|优惠券为什么不能使用|运费由谁承担|可以货到付款吗|\
        周边有没有线下门店|你们几点上班|周末有人值班吗|手机屏幕碎了能修吗|电池续航只有两个小时|充电的时候发热严重|耳机连接不上蓝牙|空调不制冷了|冰箱有异响|洗衣机漏水|热水器打不着火|\
        我下单的时候地址填错了|帮我改成明天下午送货|包裹破损了里面的东西少了一件|快递放在驿站没有通知我|这个颜色和图片上差别很大|尺码偏小穿不上|面料起球严重|鞋子开胶了|收到的是别人的东西|\
        给我讲一个笑话|播放一首轻音乐|打开客厅的灯|把空调调到二十六度|明天北京的天气怎么样|从这里到火车站怎么走|查一下去上海的高铁|提醒我下午三点开会|今天股市行情如何|红烧肉的做法|\
        会员积分怎么兑换|充值没有到账|话费余额不足|宽带网速很慢|流量超出了套餐|信用卡账单日是哪天|贷款利率是多少|提前还款有违约金吗|转账失败钱被扣了|银行卡丢失怎么挂失|\
        保险理赔需要哪些材料|医院几点开始挂号|这种药饭前吃还是饭后吃|孩子发烧了能吃吗|公积金怎么提取|居住证在哪里办理|社保断缴有什么影响|房租可以月付吗|水电费怎么交|物业的电话是多少|\
        商家一直不回复消息|我对处理结果不满意|你们的态度太差了|已经等了三天了|再不解决我就去消协投诉|谢谢你的帮助|好的我知道了|没关系不着急|我再考虑一下|价格能不能便宜一点|\
        买两件可以打折吗|有没有赠品|活动什么时候结束|定金可以退吗|预售商品多久发货|支持分期付款吗|二手手机回收多少钱|以旧换新怎么参加|安装师傅什么时候上门|安装费怎么收|\
        这件事请你尽快处理|他说的话和你们说的不一样|为了方便联系请留下电话|这道题怎么做|课程可以回放吗|老师什么时候批改作业|考试报名截止到哪天|成绩怎么查询|学费可以开票吗|毕业证丢了能补办吗|\
        关系到我的切身利益|系统升级以后用不了|经济舱和商务舱有什么区别|航班取消了怎么赔偿|酒店能不能延迟退房|房间里没有热水|早餐包含在房费里吗|景点门票可以退吗|导游的服务很好|行李超重怎么收费|\
        伊利牛奶过期了|伊拉克的首都是哪里|明朝那些事儿这本书有货吗|虾米音乐还能用吗|香菇和木耳怎么炖|稀饭要煮多久|宜家的柜子怎么装|沙发可以送货上楼吗|机车保险怎么买|企鹅吃什么|\
        上帝保佑我的包裹|这个骨折的理赔流程|他跳水受伤了|羊毛衫可以机洗吗|围脖有红色的吗|好多人都在排队|我好像买错了|一下子买了三件|你是谁|我的天哪";

    #[test]
    fn ordinary_sentences_stay_as_they_are() {
        let lexicon = Lexicon::with_starter(Vec::new());
        let fired: Vec<_> = ORDINARY.split('|').filter_map(|it| Some((it, lexicon.find(it))).filter(|(_, found)| !found.is_empty())).collect();
        let told: Vec<String> = fired.iter().map(|(text, found)| format!("{text}: {:?}", found.iter().map(|it| (&it.surface, &it.canonical, it.by)).collect::<Vec<_>>())).collect();
        assert!(ORDINARY.split('|').count() > 120);
        assert!(fired.is_empty(), "{} of them:\n{}", fired.len(), told.join("\n"));
    }

    #[test]
    fn every_variant_is_found_by_itself() {
        let lexicon = Lexicon::with_starter(Vec::new());
        let lost: Vec<_> = entries().iter().flat_map(|it| it.variants.clone()).filter(|it| !lexicon.find(it).first().is_some_and(|found| found.range == (0..it.len()) && found.by == By::Exact)).collect();
        assert!(lost.is_empty(), "{lost:?}");
    }
}
