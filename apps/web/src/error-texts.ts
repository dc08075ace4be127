/** What went wrong and what to do, by the `code` of the error. */
export type ErrorTexts = Readonly<Record<string, { title: string; hint: string }>>;

/** The server explains its errors in English, so an English page needs no words of its own. */
export const englishErrors: ErrorTexts = {};

export const chineseErrors: ErrorTexts = {
  config: { title: '配置有误', hint: '请检查 .env 文件中的设置，然后重启服务。' },
  auth: { title: '密钥无效', hint: '请检查 .env 文件中的 API 密钥，然后重启服务。' },
  balance: { title: '余额不足', hint: '请到服务商处充值，或换用其他模型。' },
  forbidden: { title: '没有权限', hint: '请确认该密钥可以使用此模型，或本页面获准访问该服务。' },
  model_not_found: { title: '找不到模型', hint: '请检查模型名称，或换用其他模型。' },
  bad_request: { title: '请求有误', hint: '请修改问题后重试。' },
  too_large: { title: '内容太长', hint: '请缩短问题，或开始新对话。' },
  context_overflow: {
    title: '对话太长',
    hint: '超出了模型的上下文长度。请开始新对话，或缩短问题。',
  },
  content_filter: { title: '内容被拦截', hint: '服务商的内容审核未通过。请换一种说法。' },
  rate_limit: { title: '请求过于频繁', hint: '请稍候再试。' },
  overloaded: { title: '服务商繁忙', hint: '请稍候再试，或换用其他模型。' },
  upstream_error: { title: '服务商出错', hint: '请稍候再试，或换用其他模型。' },
  timeout: { title: '等待超时', hint: '服务商没有及时回应。请重试。' },
  network: { title: '网络不通', hint: '服务器无法连接服务商。请检查网络和代理设置。' },
  tls: { title: '证书有误', hint: '无法与服务商建立安全连接。请检查证书和代理设置。' },
  bad_response: { title: '回应无法读取', hint: '请检查服务商的地址是否正确，然后重试。' },
  stream_interrupted: { title: '回答中断', hint: '服务商在回答完成前断开。请重试。' },
  keys_parked: { title: '密钥暂不可用', hint: '所有密钥都在等待恢复。请稍候再试。' },
  budget_exceeded: { title: '超出预算', hint: '已达到设定的花费上限。' },
  queue_full: { title: '排队已满', hint: '请稍候再试。' },
  unavailable: { title: '服务正在关闭', hint: '请稍候再试。' },
  internal: { title: '服务器内部错误', hint: '原因记录在服务器的日志中。' },
};
