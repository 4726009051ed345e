import Configuration

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
        _ key: String, _ standard: Value, as type: ConfigType, expected: String, _ documentation: String,
        accept: (ConfigContent) -> Value?, show: (Value) -> String = { "\($0)" }
    ) -> Value {
        var value = standard
        var source = SettingSource.default
        for layer in layers {
            do {
                guard let content = try layer.content(of: key, as: type) else { continue }
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

    private struct Unacceptable: Error {}
}
