// The launcher's looks. A constructed sheet, so that a host page's Content-Security-Policy need not allow inline styles.

export const STYLE = `
:host{all:initial}
*{box-sizing:border-box}
.root{position:fixed;inset:auto 0 0 auto;width:0;height:0;z-index:2147483000;font:14px/1.45 system-ui,-apple-system,"PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
.root.left{inset:auto auto 0 0}
button{font:inherit;border:0;margin:0;padding:0;cursor:pointer;background:none;color:inherit}
.launcher{position:fixed;right:calc(20px + env(safe-area-inset-right));bottom:calc(20px + env(safe-area-inset-bottom));width:58px;height:58px;border-radius:50%;background:var(--brand);color:var(--ink);box-shadow:0 1px 4px #0002,0 6px 22px #0003;display:grid;place-items:center;transition:transform .16s ease,box-shadow .16s ease;touch-action:manipulation}
.left .launcher{right:auto;left:calc(20px + env(safe-area-inset-left))}
.launcher:hover{transform:scale(1.06);box-shadow:0 2px 6px #0003,0 10px 30px #0004}
.launcher:active{transform:scale(.95)}
.launcher:focus-visible,.peek button:focus-visible{outline:3px solid var(--brand);outline-offset:3px}
.launcher svg{grid-area:1/1;width:28px;height:28px;transition:opacity .16s,transform .2s}
.launcher svg{fill:currentColor}.launcher .down{fill:none;stroke:currentColor;stroke-width:3;stroke-linecap:round;stroke-linejoin:round}
.launcher .down{opacity:0;transform:rotate(-40deg)}
.open .launcher .talk{opacity:0;transform:rotate(40deg) scale(.6)}
.open .launcher .down{opacity:1;transform:none}
.badge{position:absolute;top:-3px;right:-3px;min-width:21px;height:21px;padding:0 6px;border-radius:11px;background:#e5342b;color:#fff;font-size:12px;font-weight:600;line-height:21px;text-align:center;box-shadow:0 0 0 2px #fff}
.badge[hidden],.peek[hidden]{display:none}
.panel{position:fixed;right:calc(20px + env(safe-area-inset-right));bottom:calc(92px + env(safe-area-inset-bottom));width:400px;height:min(700px,calc(100vh - 116px));height:min(700px,calc(100dvh - 116px));border-radius:18px;overflow:hidden;background:var(--paper,#fff);box-shadow:0 2px 8px #0001,0 14px 52px #0000003d;opacity:0;visibility:hidden;transform:translateY(14px) scale(.98);transform-origin:bottom right;transition:opacity .18s ease,transform .18s ease,visibility 0s .18s;pointer-events:none}
.left .panel{right:auto;left:calc(20px + env(safe-area-inset-left));transform-origin:bottom left}
.open .panel{opacity:1;visibility:visible;transform:none;transition:opacity .18s ease,transform .18s ease;pointer-events:auto}
.panel iframe{display:block;width:100%;height:100%;border:0;color-scheme:normal}
.peek{position:fixed;right:calc(20px + env(safe-area-inset-right));bottom:calc(92px + env(safe-area-inset-bottom));width:min(300px,calc(100vw - 40px));display:flex;border-radius:16px;background:var(--paper,#fff);color:var(--text,#1b1f24);box-shadow:0 2px 8px #0001,0 10px 36px #00000033;animation:rise .22s ease}
.left .peek{right:auto;left:20px}
.peek .say{flex:1;min-width:0;text-align:start;padding:12px 4px 12px 16px}
.peek b,.peek span{display:block;overflow:hidden;text-overflow:ellipsis}
.peek b{font-size:12px;font-weight:600;opacity:.66;white-space:nowrap}
.peek span{display:-webkit-box;-webkit-line-clamp:3;-webkit-box-orient:vertical;overflow-wrap:anywhere}
.peek .off{width:40px;font-size:18px;opacity:.55;align-self:start;height:40px}
@keyframes rise{from{opacity:0;transform:translateY(8px)}}
@media (max-width:480px),(max-height:440px){
.open .panel,.panel{inset:0;width:100%;height:100%;height:100dvh;border-radius:0;transform-origin:bottom}
.open .launcher{display:none}}
@media (prefers-reduced-motion:reduce){.launcher,.launcher svg,.panel,.open .panel{transition:none}.peek{animation:none}}
@media print{.root{display:none}}
@media (forced-colors:active){.launcher{border:2px solid ButtonText}.panel{border:1px solid CanvasText}}
`;
