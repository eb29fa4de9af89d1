"""What payment providers sign with, from the environment; a provider without it has no endpoint."""

from pathlib import Path

import environ

from config import keys

# Provider → our name for the setting → the environment's, the needed ones first.
NEEDED = {
    "stripe": {"webhook_secrets": "STRIPE_WEBHOOK_SECRETS"},
    "wechat": {
        "mchid": "WECHATPAY_MCHID",
        "api_v3_key": "WECHATPAY_API_V3_KEY",
        "public_key_id": "WECHATPAY_PUBLIC_KEY_ID",
        "public_key": "WECHATPAY_PUBLIC_KEY",
    },
    "alipay": {
        "app_id": "ALIPAY_APP_ID",
        "seller_id": "ALIPAY_SELLER_ID",
        "public_key": "ALIPAY_PUBLIC_KEY",
    },
}
OPTIONAL = {
    "stripe": {
        "account": "STRIPE_ACCOUNT",
        "livemode": "STRIPE_LIVEMODE",
        "secret_key": "STRIPE_SECRET_KEY",
    },
    "wechat": {
        "appid": "WECHATPAY_APPID",
        "private_key": "WECHATPAY_PRIVATE_KEY",
        "serial": "WECHATPAY_SERIAL",
    },
    "alipay": {"private_key": "ALIPAY_PRIVATE_KEY"},
}
"""What checkout needs beyond notices: with it creators can pay, without it payments only come in."""
APIS = {
    "stripe": ("STRIPE_API", "https://api.stripe.com"),
    "wechat": ("WECHATPAY_API", "https://api.mch.weixin.qq.com"),
    "alipay": ("ALIPAY_API", "https://openapi.alipay.com/gateway.do"),
}


def providers(env: environ.Env, home: Path, embedded: bool) -> dict[str, dict[str, str]]:
    """Every provider's settings, empty texts where nothing is set."""
    found = {
        provider: {
            name: env.str(variable, default="")
            for name, variable in {**needed, **OPTIONAL[provider]}.items()
        }
        | {"api": env.str(APIS[provider][0], default=APIS[provider][1])}
        for provider, needed in NEEDED.items()
    }
    practice = env.bool("PRACTICE_PAYMENTS", default=embedded)
    secret = keys.kept(home, "practice_payment_key", keys.secret_key) if practice else ""
    return {**found, "test": {"secret": secret}}
