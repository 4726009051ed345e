import Runners

extension Form {
    /// How long a model stays in memory: seconds, or a time such as `5m`.
    mutating func keepAlive(_ name: String = "keep_alive") -> KeepAlive? {
        guard let text = text(name) else { return nil }
        let time = KeepAlive(text)
        if time == nil { fault(.invalidValue, name, "expected \(KeepAlive.expected)") }
        return time
    }
}
