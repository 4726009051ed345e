import Runners

extension FieldReader {
    /// How long a model stays in memory: a number of seconds, or a time such as `5m`.
    func keepAlive(_ key: Key) -> KeepAlive? {
        guard isPresent(key) else { return nil }
        switch kind(key) {
        case .number:
            if let seconds = try? container.decode(Double.self, forKey: key), let time = KeepAlive(seconds: seconds) {
                return time
            }
        case .string:
            if let text = try? container.decode(String.self, forKey: key), let time = KeepAlive(text) { return time }
        case let found:
            fault(.wrongType, key, "expected \(KeepAlive.expected), found \(found?.rawValue ?? "nothing")")
            return nil
        }
        fault(.invalidValue, key, "expected \(KeepAlive.expected)")
        return nil
    }
}

/// The field `keep_alive`, which requests of every kind may have. Read from the decoder of the body itself.
struct KeepAliveField: Decodable, Sendable {
    let time: KeepAlive?

    private enum CodingKeys: String, CodingKey {
        case keepAlive = "keep_alive"
    }

    init(from decoder: any Decoder) throws {
        time = try FieldReader(decoder, keyedBy: CodingKeys.self).keepAlive(.keepAlive)
    }
}
