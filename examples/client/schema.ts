// Written from docs/reference/openapi.json by tools/client.test.ts.

export interface paths {
    "/v1/agent/top-ups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Top up a number from the dealer’s float
         * @description One request is one durable top-up: a `201` means that the number is credited and the float is charged, both
         *     committed. Say an `amount` or an `offerId` (from `listOffers`), not both.
         *
         *     When no answer arrives, or a `503`, the outcome is **unknown**. Send the same body with the same `Idempotency-Key` again until an
         *     answer comes: at most one top-up comes of it, and an answer given before comes back with `Idempotency-Replayed: true`. A new key
         *     is a new sale. Refusals with `409` and `422` are kept under their key too; after `float-low` load the float and use a new key.
         *
         *     The same number and amount within two minutes is refused as `duplicate-recent` unless `confirmDuplicate` is `true`.
         *
         *     Reaches: the float of its dealer.
         */
        post: operations["sellTopUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agent/top-ups/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one sale
         * @description A sale made with this API key, or with one that it replaces. Anybody else’s is answered like one that does not exist.
         *
         *     Reaches: the sales of its dealer by this key.
         */
        get: operations["readSale"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/brand": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the facts of the brand
         * @description Name, currency, time zone, hotline and today’s business date of the brand that this host serves.
         *
         *     Reaches: public facts of the brand.
         */
        get: operations["readBrand"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the official channels of the brand
         * @description Every site, app, SMS sender and mail domain that speaks for the brand; anything else does not.
         *
         *     Reaches: public facts of the brand.
         */
        get: operations["readChannels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/lines/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a number
         * @description The owner, and an API key with the scope `line:read`, see stage, balance, clocks and allowances. Anybody else
         *     learns only whether the number can be topped up. A number that nobody has and one of another brand are answered alike.
         *
         *     Reaches: its own lines whole; of any other, whether it can be topped up; with scope line:read, every line.
         */
        get: operations["readLine"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/lines/{number}/balance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read balance and clocks of any number of the brand
         * @description Cheap enough to ask before each sale. `until` is the first day on which something no longer holds,
         *     `lastSafeDay` the day before: show that one to people (号码保留至).
         *
         *     Reaches: every line of the brand.
         */
        get: operations["readBalance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/lines/{number}/offers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is on sale for a number today
         * @description Packages, denominations and a free amount at today’s prices. Of one’s own number each offer says until which day it
         *     keeps the number; of a stranger’s number only how many days it adds at least.
         *
         *     Reaches: offers of any number; dates only of its own numbers.
         */
        get: operations["listOffers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read this description
         * @description OpenAPI 3.1, made of the routes that run. It has an `ETag`: ask with `If-None-Match`.
         *
         *     Reaches: the description of the API, no data.
         */
        get: operations["readDescription"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payment-ways": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read by what people can pay
         * @description The rails of the brand in the order in which to show them, and which of them cannot be used now and why. A rail that is off takes no new payment; payments begun before are still seen to.
         *
         *     Reaches: by what the brand is paid.
         */
        get: operations["readPaymentWays"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/price-table": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what the brand sells today
         * @description The price table in force on the brand’s business date, in the order in which pages show it. It has an `ETag`: ask with
         *     `If-None-Match`. What an offer does to a number’s date, and what a number takes, `listOffers` tells.
         *
         *     Reaches: the public price table of the brand.
         */
        get: operations["readPriceTable"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ussd": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answer what a handset dialled
         * @description For the network’s USSD gateway. `*101#` tells balance and until when the number is kept; anything else, where help
         *     is. The text fits one USSD answer: 182 characters of the GSM 7-bit alphabet, or 80 of UCS-2 (3GPP TS 23.038).
         *
         *     Reaches: the line that dialled.
         */
        post: operations["answerUssd"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AgentTopUp: {
            amount?: components["schemas"]["MoneyWire"];
            confirmDuplicate?: boolean;
            msisdn: components["schemas"]["Msisdn"];
            offerId?: components["schemas"]["IdWire"];
            /**
             * @description The dealer’s own number for this sale
             * @example till-7-20261122-0031
             */
            reference?: string;
        };
        AgentTopUpView: {
            /** @description null: a package, which gives allowances and leaves the balance as it was */
            balanceAfter: components["schemas"]["MoneyWire"] | null;
            bonus: components["schemas"]["MoneyWire"];
            commission: components["schemas"]["MoneyWire"];
            creditedAt: components["schemas"]["Instant"];
            face: components["schemas"]["MoneyWire"];
            floatAfter: components["schemas"]["MoneyWire"];
            id: components["schemas"]["IdWire"];
            lastSafeDay: components["schemas"]["LocalDate"] | null;
            msisdn: components["schemas"]["Msisdn"];
            price: components["schemas"]["MoneyWire"];
            /** @example LK-A-00000042 */
            receiptNumber: string;
            state: components["schemas"]["OrderState"];
            until: components["schemas"]["LocalDate"] | null;
        };
        AllowanceView: {
            /** @example 6000 */
            remaining: string;
            roaming: boolean;
            /** @enum {string} */
            unit: "voice-seconds" | "sms" | "data-bytes";
            until: components["schemas"]["LocalDate"] | null;
        };
        /** @example 4980 */
        AmountMinorWire: string;
        BalanceView: {
            balance: components["schemas"]["MoneyWire"];
            clocks: components["schemas"]["ClockView"][];
            msisdn: components["schemas"]["Msisdn"];
            stage: components["schemas"]["Stage"];
        };
        BrandView: {
            /**
             * @description Accent colour of the pages
             * @example #0b6e4f
             */
            accent: string;
            /** @example 86 */
            countryCode: string;
            /** @example CNY */
            currency: string;
            demo: boolean;
            /** @example help@laika.example */
            email: string;
            hotline: {
                hours: {
                    /** @example 8:00–22:00 daily */
                    en: string;
                    /** @example 每日 8:00–22:00 */
                    "zh-CN": string;
                };
                /** @example 10154 */
                number: string;
            };
            /** @example laika */
            key: string;
            locale: components["schemas"]["Locale"];
            name: {
                /** @example Laika */
                en: string;
                /** @example 莱卡保号 */
                "zh-CN": string;
            };
            /**
             * @description A national number in this brand’s plan
             * @example 15400001234
             */
            numberExample: string;
            /**
             * @description The number or name official messages come from
             * @example 10154
             */
            smsSender: string;
            /**
             * @description Business date in the brand’s zone
             * @example 2026-11-22
             */
            today: string;
            /** @example Asia/Shanghai */
            zone: string;
        };
        ChannelsView: {
            accounts: {
                name: {
                    /** @example Laika */
                    en: string;
                    /** @example 莱卡保号 */
                    "zh-CN": string;
                };
                where: {
                    /** @example WeChat */
                    en: string;
                    /** @example 微信公众号 */
                    "zh-CN": string;
                };
            }[];
            apps: {
                name: {
                    /** @example Laika */
                    en: string;
                    /** @example 莱卡保号 */
                    "zh-CN": string;
                };
                publisher: {
                    /** @example Laika Telecom */
                    en: string;
                    /** @example 莱卡通信 */
                    "zh-CN": string;
                };
                store: {
                    /** @example App stores */
                    en: string;
                    /** @example 应用市场 */
                    "zh-CN": string;
                };
            }[];
            /** @example help@laika.example */
            email: string;
            emailDomains: string[];
            hotline: {
                /** @description When it closes, or opens next; null: it is open day and night */
                changesAt: string | null;
                hours: {
                    /** @example 8:00–22:00 daily */
                    en: string;
                    /** @example 每日 8:00–22:00 */
                    "zh-CN": string;
                };
                /** @example 10154 */
                number: string;
                /** @description By the brand’s business clock */
                open: boolean;
                /** @example Asia/Shanghai */
                zone: string;
            };
            sites: {
                /** @example www.laika.example */
                host: string;
                name: {
                    /** @example Official site */
                    en: string;
                    /** @example 官方网站 */
                    "zh-CN": string;
                };
            }[];
            smsSenders: string[];
            smsSign: {
                /** @example Laika */
                en: string;
                /** @example 莱卡保号 */
                "zh-CN": string;
            };
        };
        ClockView: {
            /** @enum {string} */
            clock: "service" | "credit" | "number";
            /** @description lastSafeDay - today */
            daysLeft: number | null;
            lastSafeDay: components["schemas"]["LocalDate"] | null;
            until: components["schemas"]["LocalDate"] | null;
        };
        DenominationOffer: {
            bonus: components["schemas"]["MoneyWire"];
            effect: components["schemas"]["OfferEffect"];
            face: components["schemas"]["MoneyWire"];
            id: components["schemas"]["IdWire"];
            /** @constant */
            kind: "denomination";
            price: components["schemas"]["MoneyWire"];
            recommended: boolean;
        };
        FreeAmountOffer: {
            effects: {
                effect: components["schemas"]["OfferEffect"];
                from: components["schemas"]["MoneyWire"];
            }[];
            id: components["schemas"]["IdWire"];
            /** @constant */
            kind: "free-amount";
            max: components["schemas"]["MoneyWire"];
            min: components["schemas"]["MoneyWire"];
            step: components["schemas"]["MoneyWire"];
        };
        /** @example 01JD9Z3K6N8Q4W2V7X5Y0ABCDE */
        IdWire: string;
        /**
         * Format: date-time
         * @example 2026-11-22T06:05:00.000Z
         */
        Instant: string;
        LineView: {
            allowances: components["schemas"]["AllowanceView"][];
            balance: components["schemas"]["MoneyWire"];
            clocks: components["schemas"]["ClockView"][];
            /** @description The number clock: 号码保留至 */
            keptUntil: components["schemas"]["ClockView"] | null;
            msisdn: components["schemas"]["Msisdn"];
            /** @constant */
            own: true;
            stage: components["schemas"]["Stage"];
            /** @enum {string} */
            topUp: "possible" | "refused";
        };
        ListedDenomination: {
            bonus: components["schemas"]["MoneyWire"];
            face: components["schemas"]["MoneyWire"];
            id: components["schemas"]["IdWire"];
            /** @constant */
            kind: "denomination";
            price: components["schemas"]["MoneyWire"];
            recommended: boolean;
        };
        ListedFreeAmount: {
            id: components["schemas"]["IdWire"];
            /** @constant */
            kind: "free-amount";
            max: components["schemas"]["MoneyWire"];
            min: components["schemas"]["MoneyWire"];
            step: components["schemas"]["MoneyWire"];
        };
        ListedPackage: {
            allowances: {
                /** @example 1073741824 */
                dataBytes: string;
                sms: number;
                voiceSeconds: number;
            };
            id: components["schemas"]["IdWire"];
            /** @constant */
            kind: "package";
            listPrice: components["schemas"]["MoneyWire"];
            name: {
                /** @example Quarterly keep-alive */
                en: string;
                /** @example 季度保号套餐 */
                "zh-CN": string;
            };
            price: components["schemas"]["MoneyWire"];
            recommended: boolean;
            roaming: boolean;
            term: components["schemas"]["Term"];
            validityDays: number;
            validityMonths: number;
        };
        /**
         * Format: date
         * @example 2027-05-21
         */
        LocalDate: string;
        /** @enum {string} */
        Locale: "zh-CN" | "en";
        MoneyWire: {
            amountMinor: components["schemas"]["AmountMinorWire"];
            /** @example CNY */
            currency: string;
        };
        /** @example 8615400001234 */
        Msisdn: string;
        NoticeView: {
            /** @example Alipay is under maintenance. Please pay another way. */
            en: string;
            /** @example 支付宝正在维护，请改用其他方式。 */
            "zh-CN": string;
        };
        /** @example 154 0000 1234 */
        NumberInput: string;
        OfferEffect: {
            /** @description null: the date does not move or never ends; of a stranger’s number, what it gains at least */
            addedDays: number | null;
            lastSafeDay: components["schemas"]["LocalDate"] | null;
            validityText: {
                /** @example Number kept until 20 May 2027 */
                en: string;
                /** @example 号码保留至 2027-05-20 */
                "zh-CN": string;
            };
        };
        OffersView: {
            denominations: components["schemas"]["DenominationOffer"][];
            freeAmount: components["schemas"]["FreeAmountOffer"] | null;
            owed?: components["schemas"]["Owed"];
            packages: components["schemas"]["PackageOffer"][];
            priceTable: {
                validFrom: components["schemas"]["LocalDate"];
                /** @example 2026-11 */
                version: string;
            };
        };
        /** @enum {string} */
        OrderState: "awaiting-payment" | "paid" | "credited" | "held" | "refunding" | "refunded" | "refund-abnormal" | "reversed" | "expired";
        Owed: {
            amount: components["schemas"]["MoneyWire"];
            since: components["schemas"]["Instant"];
        };
        PackageOffer: {
            allowances: {
                /** @example 1073741824 */
                dataBytes: string;
                sms: number;
                voiceSeconds: number;
            };
            effect: components["schemas"]["OfferEffect"];
            id: components["schemas"]["IdWire"];
            /** @constant */
            kind: "package";
            listPrice: components["schemas"]["MoneyWire"];
            name: {
                /** @example Quarterly keep-alive */
                en: string;
                /** @example 季度保号套餐 */
                "zh-CN": string;
            };
            price: components["schemas"]["MoneyWire"];
            recommended: boolean;
            roaming: boolean;
            term: components["schemas"]["Term"];
            validityDays: number;
            validityMonths: number;
        };
        PaymentWays: {
            maintenance: components["schemas"]["NoticeView"] | null;
            ways: {
                /**
                 * @description What is paid in. Where it is not the brand’s own, an order is quoted in it first: `POST /v1/top-ups/{id}/quotes`
                 * @example CNY
                 */
                currency: string;
                /**
                 * @description Inside its own app it is paid by a script: scene `jsapi`
                 * @constant
                 */
                inApp?: true;
                off: null | {
                    notice: components["schemas"]["NoticeView"] | null;
                    /**
                     * @description `switched-off`: by the operator, with a notice; `not-answering`: the provider has not answered lately, for a moment; `no-rate`: no exchange rate is recent enough
                     * @enum {string}
                     */
                    why: "switched-off" | "not-answering" | "no-rate";
                };
                provider: components["schemas"]["Provider"];
            }[];
        };
        PriceTableView: {
            /**
             * Format: date
             * @description The brand’s business date on which this is on sale
             * @example 2026-11-22
             */
            day: string;
            denominations: components["schemas"]["ListedDenomination"][];
            freeAmount: components["schemas"]["ListedFreeAmount"] | null;
            packages: components["schemas"]["ListedPackage"][];
            validFrom: components["schemas"]["LocalDate"];
            /** @example 1 */
            version: string;
        };
        /** @description Problem details (RFC 9457). Decide by `code`, which is stable; `title` is for people who read logs. */
        Problem: {
            code: string;
            /**
             * @description `false`: no money moved. `"unknown"`: ask by the same key before doing anything else.
             * @enum {unknown}
             */
            moneyMoved: false | true | "unknown";
            requestId: string;
            retryAfterSeconds?: number;
            status: number;
            title: string;
            /**
             * Format: uri-reference
             * @description A page that explains the code
             */
            type: string;
        } & {
            [key: string]: unknown;
        };
        /** @enum {string} */
        Provider: "alipay" | "wechat" | "card" | "unionpay" | "bank";
        /** @enum {string} */
        Stage: "pre-active" | "active" | "outbound-barred" | "fully-barred" | "quarantined" | "ceased" | "ported-out";
        StrangerLineView: {
            msisdn: components["schemas"]["Msisdn"];
            /** @constant */
            own: false;
            /** @enum {string} */
            topUp: "possible" | "refused";
        };
        /** @enum {string} */
        Term: "month" | "quarter" | "year";
        UssdAnswer: {
            continue: boolean;
            /** @example 余额 ¥12.80 */
            text: string;
        };
        UssdRequest: {
            msisdn: components["schemas"]["Msisdn"];
            /** @example *101# */
            text: string;
        };
    };
    responses: never;
    parameters: {
        /**
         * @description Says that a request is the same as an earlier one (draft-ietf-httpapi-idempotency-key-header): 8 to 64 letters,
         *     digits, `-` or `_`, in quotes or bare. Make a new one for each sale and keep it before sending. With the same body the first
         *     outcome is answered again, refusals with `409` and `422` too; with another body the request is refused. Keys are kept with the
         *     order for good, refusals for 30 days, and belong to the caller.
         * @example till-7-20261122-0031
         */
        IdempotencyKey: string;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    sellTopUp: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Says that a request is the same as an earlier one (draft-ietf-httpapi-idempotency-key-header): 8 to 64 letters,
                 *     digits, `-` or `_`, in quotes or bare. Make a new one for each sale and keep it before sending. With the same body the first
                 *     outcome is answered again, refusals with `409` and `422` too; with another body the request is refused. Keys are kept with the
                 *     order for good, refusals for 30 days, and belong to the caller.
                 * @example till-7-20261122-0031
                 */
                "Idempotency-Key": components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "msisdn": "8615400001000",
                 *       "amount": {
                 *         "amountMinor": "5000",
                 *         "currency": "CNY"
                 *       },
                 *       "reference": "till-7-20261122-0031"
                 *     }
                 */
                "application/json": components["schemas"]["AgentTopUp"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentTopUpView"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "amount-malformed" | "amount-missing" | "amount-not-allowed" | "api-key-invalid" | "body-malformed" | "body-too-large" | "currency-mismatch" | "database-away" | "dealer-suspended" | "duplicate-recent" | "field-malformed" | "field-missing" | "field-repeated" | "field-type" | "field-unknown" | "float-low" | "forbidden" | "host-unknown" | "idempotency-key-malformed" | "idempotency-key-missing" | "idempotency-key-reused" | "internal" | "limit-reached" | "line-ceased" | "line-not-found" | "line-refuses" | "media-type-unsupported" | "not-authenticated" | "offer-missing" | "offer-not-found" | "offer-not-on-sale" | "origin-refused" | "overloaded" | "price-table-missing" | "scope-missing" | "stopping" | "switched-off";
                    };
                };
            };
        };
    };
    readSale: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 01KARVZQ8E6T2M4N7P9R1S3V5X */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentTopUpView"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "api-key-invalid" | "database-away" | "field-malformed" | "forbidden" | "host-unknown" | "internal" | "not-authenticated" | "order-not-found" | "overloaded" | "scope-missing" | "stopping";
                    };
                };
            };
        };
    };
    readBrand: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BrandView"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "api-key-invalid" | "database-away" | "host-unknown" | "internal" | "overloaded" | "stopping";
                    };
                };
            };
        };
    };
    readChannels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelsView"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "api-key-invalid" | "database-away" | "host-unknown" | "internal" | "overloaded" | "stopping";
                    };
                };
            };
        };
    };
    readLine: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 15400001000 */
                number: components["schemas"]["NumberInput"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LineView"] | components["schemas"]["StrangerLineView"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "api-key-invalid" | "database-away" | "field-malformed" | "host-unknown" | "internal" | "line-not-found" | "number-invalid" | "overloaded" | "stopping";
                    };
                };
            };
        };
    };
    readBalance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 15400001000 */
                number: components["schemas"]["NumberInput"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BalanceView"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "api-key-invalid" | "database-away" | "field-malformed" | "forbidden" | "host-unknown" | "internal" | "line-not-found" | "not-authenticated" | "number-invalid" | "overloaded" | "scope-missing" | "stopping";
                    };
                };
            };
        };
    };
    listOffers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 15400001000 */
                number: components["schemas"]["NumberInput"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OffersView"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "api-key-invalid" | "database-away" | "field-malformed" | "host-unknown" | "internal" | "line-ceased" | "line-not-found" | "line-refuses" | "number-invalid" | "overloaded" | "price-table-missing" | "stopping";
                    };
                };
            };
        };
    };
    readDescription: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The OpenAPI document */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "api-key-invalid" | "database-away" | "host-unknown" | "internal" | "overloaded" | "stopping";
                    };
                };
            };
        };
    };
    readPaymentWays: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentWays"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "api-key-invalid" | "database-away" | "host-unknown" | "internal" | "overloaded" | "stopping";
                    };
                };
            };
        };
    };
    readPriceTable: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PriceTableView"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "api-key-invalid" | "database-away" | "host-unknown" | "internal" | "overloaded" | "price-table-missing" | "stopping";
                    };
                };
            };
        };
    };
    answerUssd: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "msisdn": "8615400001000",
                 *       "text": "*101#"
                 *     }
                 */
                "application/json": components["schemas"]["UssdRequest"];
            };
        };
        responses: {
            /** @description As asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UssdAnswer"];
                };
            };
            /** @description A refusal */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code: "api-key-invalid" | "body-malformed" | "body-too-large" | "database-away" | "field-malformed" | "field-missing" | "field-repeated" | "field-type" | "field-unknown" | "forbidden" | "host-unknown" | "internal" | "line-not-found" | "media-type-unsupported" | "not-authenticated" | "number-invalid" | "origin-refused" | "overloaded" | "scope-missing" | "stopping";
                    };
                };
            };
        };
    };
}
