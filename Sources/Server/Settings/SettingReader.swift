import Configuration
import Runners

/// Reads the table of settings from the layers that hold them, and keeps what `explain()` and errors need.
struct SettingReader {
    /// Explanations of what was read so far, in order.
    private(set) var rows: [SettingExplanation] = []
    private(set) var faults: [String] = []
    private let layers: [SettingLayer]

    /// - Parameter layers: the strongest first.
    init(layers: [SettingLayer]) {
        self.layers = layers
    }

    mutating func text(_ key: String, default standard: String, _ documentation: String) -> String {
        read(key, standard, as: .string, expected: "a text that is not empty", documentation) { content in
            guard case .string(let text) = content, !text.isEmpty else { return nil }
            return text
        }
    }

    mutating func list(_ key: String, _ documentation: String) -> [String] {
        read(key, [], as: .stringArray, expected: "a list of texts", documentation) { content in
            guard case .stringArray(let texts) = content else { return nil }
            return texts.filter { !$0.isEmpty }
        } show: {
            $0.joined(separator: ",")
        }
    }

    mutating func integer(
        _ key: String, default standard: Int, in range: ClosedRange<Int>, _ documentation: String
    ) -> Int {
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        return read(key, standard, as: .int, expected: expected, documentation) { content in
            guard case .int(let number) = content, range.contains(number) else { return nil }
            return number
        }
    }

    mutating func seconds(
        _ key: String, default standard: Int, in range: ClosedRange<Int>, _ documentation: String
    ) -> Duration {
        .seconds(integer(key, default: standard, in: range, documentation))
    }

    /// An amount of memory: a number of MiB, or a text such as `8GB`, whose units are powers of 1024.
    mutating func mebibytes(
        _ key: String, default standard: Int, in range: ClosedRange<Int>, _ documentation: String
    ) -> Int {
        let expected = "a whole number of MiB, or an amount such as 512MB or 8GB"
        return read(key, standard, as: .string, or: .int, expected: expected, documentation) { content in
            let amount: Int? =
                switch content {
                case .string(let text): Self.mebibytes(text)
                case .int(let number): number
                default: nil
                }
            return amount.flatMap { range.contains($0) ? $0 : nil }
        }
    }

    private static func mebibytes(_ text: String) -> Int? {
        let number = text.prefix { ("0"..."9").contains($0) || $0 == "." }
        let unit = text.dropFirst(number.count).drop { $0 == " " }.lowercased()
        let scale: [String: Double] = [
            "": 1, "m": 1, "mb": 1, "mib": 1, "g": 1_024, "gb": 1_024, "gib": 1_024, "t": 1_048_576, "tb": 1_048_576,
            "tib": 1_048_576,
        ]
        guard let scale = scale[unit], let amount = Double(number), amount * scale < 1e15 else { return nil }
        return Int((amount * scale).rounded(.up))
    }

    /// A time such as `5m`, or a number of seconds.
    mutating func keepAlive(_ key: String, default standard: KeepAlive, _ documentation: String) -> KeepAlive {
        read(key, standard, as: .string, or: .int, expected: KeepAlive.expected, documentation) { content in
            switch content {
            case .string(let text): KeepAlive(text)
            case .int(let seconds): KeepAlive(seconds: Double(seconds))
            default: nil
            }
        }
    }

    /// Times such as `5m` by names: a list of `name=time`.
    mutating func keepAlives(_ key: String, _ documentation: String) -> [String: KeepAlive] {
        read(
            key, [:], as: .stringArray, expected: "a list of model=time, such as smollm2-135m=30m", documentation
        ) { content in
            guard case .stringArray(let texts) = content else { return nil }
            var times: [String: KeepAlive] = [:]
            for text in texts where !text.isEmpty {
                guard let sign = text.lastIndex(of: "="), sign != text.startIndex,
                    let time = KeepAlive(text[text.index(after: sign)...])
                else { return nil }
                times[text[..<sign].lowercased()] = time
            }
            return times
        } show: {
            $0.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: ",")
        }
    }

    mutating func choice<Value: RawRepresentable<String> & CaseIterable>(
        _ key: String, default standard: Value, of type: Value.Type, _ documentation: String
    ) -> Value {
        let expected = "one of " + Value.allCases.map(\.rawValue).joined(separator: ", ")
        return read(key, standard, as: .string, expected: expected, documentation) { content in
            guard case .string(let text) = content else { return nil }
            return Value(rawValue: text)
        } show: {
            $0.rawValue
        }
    }

    /// Takes the value of the strongest layer that has one. A value that is wrong is a fault, never passed over.
    private mutating func read<Value>(
        _ key: String, _ standard: Value, as type: ConfigType, or other: ConfigType? = nil, expected: String,
        _ documentation: String, accept: (ConfigContent) -> Value?, show: (Value) -> String = { "\($0)" }
    ) -> Value {
        var value = standard
        var source = SettingSource.default
        for layer in layers {
            do {
                guard let content = try content(of: key, in: layer, as: type, or: other) else { continue }
                source = layer.source(of: key)
                guard let accepted = accept(content) else { throw Unacceptable() }
                value = accepted
            } catch {
                source = layer.source(of: key)
                faults.append("\(key) (\(source)): expected \(expected)")
            }
            break
        }
        rows.append(
            SettingExplanation(
                key: key, value: show(value), source: source,
                environmentName: SettingLayer.environmentName(of: key), documentation: documentation))
        return value
    }

    private func content(
        of key: String, in layer: SettingLayer, as type: ConfigType, or other: ConfigType?
    ) throws -> ConfigContent? {
        do {
            return try layer.content(of: key, as: type)
        } catch {
            guard let other else { throw error }
            return try layer.content(of: key, as: other)
        }
    }

    private struct Unacceptable: Error {}
}
