/// Fields that are about an account, a place or a price that this server does not have, and that change no answer. They
/// are checked as promised, and nothing is done with them. Read from the decoder of the body itself.
struct FieldsWithoutEffect: Decodable, Sendable {
    private enum Retention: String, CaseIterable {
        case inMemory = "in_memory"
        case day = "24h"
    }

    private enum CodingKeys: String, CodingKey {
        case user, store, metadata
        case safetyIdentifier = "safety_identifier"
        case promptCacheKey = "prompt_cache_key"
        case promptCacheRetention = "prompt_cache_retention"
        case promptCacheOptions = "prompt_cache_options"
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        _ = fields.text(.user)
        _ = fields.flag(.store)
        _ = fields.object(.metadata, as: Metadata.self)
        _ = fields.text(.safetyIdentifier, count: 0...128)
        // Prompts are cached by what they begin with, whatever is said of it.
        _ = fields.text(.promptCacheKey)
        _ = fields.choice(.promptCacheRetention, of: Retention.self)
        _ = fields.object(.promptCacheOptions, as: PromptCacheOptions.self)
    }
}

private struct PromptCacheOptions: Decodable {
    private enum Mode: String, CaseIterable {
        case implicit, explicit
    }

    private enum CodingKeys: String, CodingKey {
        case mode, ttl
    }

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder, keyedBy: CodingKeys.self)
        _ = fields.choice(.mode, of: Mode.self)
        _ = fields.text(.ttl)
    }
}
