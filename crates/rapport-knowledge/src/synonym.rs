//! Words of customer service that mean the same, in Chinese and English: each group is one concept of the index, so that
//! "码数不合适" meets an article on exchanging sizes, and a question in one language meets an article in the other.

use std::{collections::HashMap, sync::LazyLock};

use crate::text::{Token, normalise, tokens};

/// Concept, what it is called in Chinese, and in English. A phrase may stand in several rows; the longest phrase wins at a place.
const CONCEPTS: &[(&str, &str, &str)] = &[
    ("exchange", "换 更换 换货 调换 退换 退换货 换一双 换一件 换个 换码 换大 换小 换成 换别的", "exchange|swap|replace it|replace|replacement|trade in|change it for|change them for|change size|switch"),
    ("return", "退货 退回 退换 退换货 退掉 退了 寄回 退还商品 无理由 想退 要退 能退 可以退 不想要 不喜欢 后悔 退吗", "return|send back|send it back|send them back|bring back|take back|changed my mind|don't want|do not want|don't like|do not like"),
    ("refund", "退款 退钱 返款 退还 钱退 退的钱 退到 退回来 到账 返还", "refund|money back|reimburse|reimbursement|get my money|credited"),
    ("size", "尺码 码数 尺寸 号码 大小 大一码 小一码 大一号 小一号 几码 多大码 选码 码 脚长 脚背 偏大 偏小 挤脚 磨脚 太大 太小 大了 小了 不合脚 不合适 不合身 穿着大 穿着小 穿不下 太紧 太松 紧 松 均码 码表", "size|sizing|fit|fits|too small|too big|too large|too tight|too loose|tight|loose|half a size|foot length|measurement|measure|pinch|small|large"),
    ("shipping", "快递 物流 配送 发货 送货 寄送 运送 邮寄 派送 送到 寄到 包裹 投递 发出 到货 收到 送达 寄过来 发到", "ship|shipping|shipment|deliver|delivery|dispatch|send out|courier|parcel|package|arrive|post|mail it"),
    ("carrier", "哪家快递 什么快递 顺丰 中通 圆通 韵达 邮政 ems 京东快递", "carrier|courier|which company delivers|ups|fedex|dhl|sf express"),
    ("postage", "运费 邮费 快递费 配送费 包邮 免邮 免运费 运费险 邮资", "postage|shipping cost|shipping fee|delivery cost|delivery fee|shipping charge|delivery charge|free shipping|free delivery|cost to ship|pay for shipping|return shipping"),
    ("track", "查快递 查物流 物流信息 物流单号 快递单号 单号 运单号 到哪了 到哪儿了 跟踪 追踪 查询物流", "track|tracking|where is my order|where is my parcel|where is my package|tracking number"),
    ("lost", "丢件 丢失 丢了 弄丢 没收到 未收到 没有收到 收不到 还没到 一直没到 不见了 找不到 少发 漏发 签收 显示签收 没见到", "lost|missing|not arrived|never arrived|hasn't arrived|has not arrived|didn't arrive|not received|haven't received|never received|didn't receive|did not receive|stolen|marked as delivered|says delivered"),
    ("damaged", "破损 损坏 坏了 压坏 弄坏 破了 烂了 开胶 脱胶 断底 掉底 开线 脱线 断裂 断了 裂了 瑕疵 质量问题 质量 次品 残次 有问题 掉色 起球 发错 错发 划痕 拉链坏", "damage|damaged|broken|broke|defect|defective|faulty|fault|quality problem|quality issue|torn|tear|ripped|came apart|coming apart|peel|falling apart|fell apart|sole came off|coming off|came off|wrong item|stitching"),
    ("warranty", "保修 质保 三包 维修 修理 修 保固 售后 修补 返修 保修期", "warranty|guarantee|repair|fix|mend|covered"),
    ("invoice", "发票 开票 专票 普票 增值税 抬头 税号 报销 电子发票 票据 收据", "invoice|receipt|vat|tax number|tax invoice|fapiao|expense|bill"),
    ("pay", "支付 付款 付钱 结账 买单 微信支付 支付宝 花呗 银行卡 信用卡 分期 货到付款 云闪付 收款 扣款 刷卡", "pay|payment|paying|paid|checkout|credit card|debit card|card|visa|mastercard|alipay|wechat pay|installment|instalment|cash on delivery|cod"),
    ("installment", "分期 花呗 免息 分几期", "installment|instalment|pay later|pay monthly|interest free"),
    ("cash_on_delivery", "货到付款 到付 收货付款", "cash on delivery|cod|pay on delivery|pay on arrival"),
    ("price", "价格 价钱 多少钱 多少元 收费 费用 价 贵 便宜 报价", "price|cost|how much|charge|fee|expensive|cheap"),
    ("price_drop", "降价 降了 便宜了 价保 保价 价格保护 补差 差价 退差价 买贵了 跌价 更便宜", "price protection|price drop|price dropped|price match|price went down|dropped the price|got cheaper|cheaper now|difference back|price difference|price adjustment|lower price|on sale now"),
    ("coupon", "优惠券 优惠码 折扣 折扣码 券 红包 满减 代金券 打折 优惠 促销 折扣券 抵扣券 叠加", "coupon|voucher|promo code|promo|discount|discount code|promotion|deal|code|stack|special offer"),
    ("gift_card", "礼品卡 购物卡 储值卡 礼卡 卡密 预付卡", "gift card|gift voucher|gift certificate|store credit card"),
    ("points", "积分 会员积分 攒分 兑换 积点", "point|reward|loyalty point|redeem|earn point"),
    ("member", "会员 会员等级 vip 银卡 金卡 黑卡 等级 入会 生日礼", "member|membership|vip|loyalty|tier|gold member|silver|birthday"),
    ("order", "订单 下单 购买 买了 拍下 拍了 买的 订的", "order|purchase|bought|buy"),
    ("cancel", "取消 撤销 不要了 撤单 退订 关闭订单", "cancel|cancellation|call off|stop my order|don't want it anymore"),
    ("modify", "修改 更改 改 变更 改一下 换地址 填错 写错 选错 弄错 拍错", "change|modify|edit|update|amend|correct|wrong address|wrong colour|wrong color|by mistake"),
    ("address", "地址 收货地址 收件地址 电话号码 收货人 换地址 更换地址 搬家", "address|recipient|moved house|postcode|zip code"),
    ("pickup", "自提 到店取 门店取 店里拿 门店自取 取货 自取 店取", "pick up|pickup|collect in store|click and collect|collect it|collect my order|collect from"),
    ("store", "门店 实体店 线下 店铺 专柜 店里 分店 店面", "store|shop|branch|physical store|in store|outlet|boutique"),
    ("hours", "几点 营业时间 上班时间 工作时间 下班 上班 开门 关门 在线时间 周末 节假日 服务时间 营业", "hour|opening time|opening hour|open|close|closing|working hour|business hour|weekend|what time|holiday|until when"),
    ("contact", "联系 电话 热线 人工 联系方式 邮箱 微信公众号 打电话 转人工 投诉", "contact|phone|call|hotline|e mail|email|reach|talk to|speak to|human|agent|representative|complain|complaint"),
    ("duration", "多久 多长时间 几天 多少天 什么时候 何时 时效 多少个工作日 几个工作日 期限 工作日 要等", "how long|how many day|when will|when do|when can|time frame|timeframe|how soon|deadline|take long|business day|working day"),
    ("privacy", "隐私 个人信息 信息泄露 泄露 个人资料 数据 信息安全 注销 注销账号 注销账户 删除账号 删除账户 卖给 卖掉", "privacy|personal data|personal information|data|my information|delete my account|close my account|gdpr|share my"),
    ("account", "账号 账户 帐号 帐户 登录 密码 注册", "account|log in|login|password|sign in|sign up|register"),
    ("care", "清洗 洗 保养 护理 清洁 机洗 手洗 晾晒 晒 刷鞋 防水喷雾 洗衣机 水洗 干洗 污渍 脏 弄脏 发黄", "wash|washing|clean|cleaning|care for|take care of|machine wash|washing machine|laundry|dry clean|tumble dry|stain|dirty|dry"),
    ("shoe", "鞋 鞋子 运动鞋 跑鞋 靴子 靴 凉鞋 板鞋 皮鞋 球鞋", "shoe|sneaker|trainer|boot|sandal|footwear|running shoe"),
    ("clothes", "衣服 上衣 外套 裤子 裙子 t恤 卫衣 羽绒服 服装 衬衫 毛衣 夹克", "clothes|clothing|shirt|t shirt|jacket|coat|trouser|pant|dress|hoodie|sweater|garment|apparel"),
    ("worn", "穿过 穿了 洗过 试穿 吊牌 剪标 剪了 拆了 拆封 标签 下过水", "worn|wore|wear them|washed|tried on|tag|label|unworn|used"),
    ("box", "鞋盒 包装 盒子 外包装 原包装", "box|packaging|original box|packing"),
    ("abroad", "国外 海外 境外 国际 港澳台 香港 澳门 台湾 出国 美国", "abroad|overseas|international|internationally|hong kong|macau|taiwan|foreign|outside china|worldwide|another country|other country"),
    ("remote", "新疆 西藏 青海 内蒙古 偏远 偏远地区 宁夏 甘肃", "remote|remote area|xinjiang|tibet|qinghai|inner mongolia"),
    ("fast", "加急 快点 加快 次日达 当日达 急用 急 催 尽快 当天", "express|urgent|urgently|rush|next day|same day|faster|expedite|hurry|quick"),
    ("expire", "过期 有效期 失效 到期 作废 清零", "expire|expiry|valid|validity|expired|run out|lapse"),
    ("stock", "有货 没货 缺货 补货 库存 断货 现货 断码 售罄 上架", "stock|in stock|out of stock|restock|sold out|available|availability"),
    ("colour", "颜色 色号 色差 换色", "colour|color|shade"),
    ("gift", "礼物 送人 送礼 礼盒 礼品 包装礼物", "gift|present|gift wrap"),
    ("balance", "余额 剩余金额 剩多少", "balance|left on|remaining"),
    ("id_proof", "身份证 证件 取货码 提货码 验证码", "id|identity card|passport|collection code|pickup code|qr code"),
    ("wait", "保留 保留多久 存放", "hold|keep it for|kept|held"),
];

struct Table {
    /// By first token: phrases (as token texts) with their concept, longest first.
    phrases: HashMap<String, Vec<(Vec<String>, u16)>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut rows = Vec::new();
    for (number, (_, zh, en)) in (0_u16..).zip(CONCEPTS) {
        for phrase in zh.split(' ').chain(en.split('|')) {
            let words: Vec<_> = tokens(&normalise(phrase)).into_iter().map(|it| it.text).collect();
            rows.push((words, number));
        }
    }
    rows.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
    rows.dedup();
    let mut phrases: HashMap<String, Vec<(Vec<String>, u16)>> = HashMap::new();
    for (words, number) in rows {
        if let Some(first) = words.first() {
            phrases.entry(first.clone()).or_default().push((words, number));
        }
    }
    Table { phrases }
});

/// Calls `found(concept, first token, token count)` for each concept named in the text, from left to right.
pub(crate) fn concepts(tokens: &[Token], mut found: impl FnMut(u16, u32, u32)) {
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let candidates = TABLE.phrases.get(&token.text).map(Vec::as_slice).unwrap_or_default();
        let mut length = 0;
        for (words, concept) in candidates {
            if words.len() < length {
                break;
            }
            let Some(window) = tokens.get(at..at + words.len()) else { continue };
            let same = window.iter().zip(words).enumerate().all(|(nth, (token, word))| token.text == *word && (nth == 0 || !token.is_char || token.joined));
            if same {
                length = words.len();
                found(*concept, u32::try_from(at).unwrap_or(u32::MAX), u32::try_from(length).unwrap_or(1));
            }
        }
        at += length.max(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(concept: u16) -> &'static str {
        CONCEPTS.get(usize::from(concept)).map_or("?", |it| it.0)
    }

    #[test]
    fn phrases_name_concepts() {
        let check = |text: &str, expect: &[&str]| {
            let mut names = Vec::new();
            concepts(&tokens(&normalise(text)), |concept, _, _| names.push(name(concept)));
            assert_eq!(names, expect, "{text}");
        };
        check("码数不合适，可以换吗", &["size", "size", "exchange"]);
        check("换地址", &["modify", "address"]);
        check("Can I swap these shoes?", &["exchange", "shoe"]);
        check("my trainers are too small", &["shoe", "size"]);
        check("退换货", &["exchange", "return"]);
        check("tomorrow", &[]);
        check("", &[]);
    }

    #[test]
    fn names_are_distinct() {
        let names: std::collections::BTreeSet<_> = CONCEPTS.iter().map(|it| it.0).collect();
        assert_eq!(names.len(), CONCEPTS.len());
    }
}
