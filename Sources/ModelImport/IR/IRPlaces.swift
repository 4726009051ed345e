import NetworkPlans

/// Where a graph's weights were written, by the names that the builder gave them.
package struct IRPlaces: Sendable {
    private var places: [String: StoredNumbers] = [:]

    /// `nil` for what is no weight: another constant, or nothing.
    package subscript(name: String) -> StoredNumbers? { places[name] }

    init(_ nodes: [IRGraph.Node], offsets: [Int]) {
        for node in nodes {
            guard let constant = node.constant, let port = node.outputs.first,
                let type = StoredNumbers.Kind(rawValue: port.type.rawValue)
            else { continue }
            places[IRGraph.nameOfWeight(stored: node.name)] = StoredNumbers(
                type: type, offset: offsets[constant], shape: port.shape.map { $0 ?? 0 })
        }
    }
}
