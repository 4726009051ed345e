/// Numbers in the `.bin` file of a graph, for engines that compute with them without the graph.
package struct IRPlace: Sendable, Equatable, Encodable {
    /// As ``IRElementType`` names it.
    package var type: String
    /// In bytes.
    package var offset: Int
    package var shape: [Int]
}

/// Where a graph's constants were written, by the names that the builder gave them.
package struct IRPlaces: Sendable {
    private var places: [String: IRPlace] = [:]

    package subscript(name: String) -> IRPlace? { places[name] }

    init(_ nodes: [IRGraph.Node], offsets: [Int]) {
        for node in nodes {
            guard let constant = node.constant, let port = node.outputs.first else { continue }
            let place = IRPlace(type: port.type.rawValue, offset: offsets[constant], shape: port.shape.map { $0 ?? 0 })
            places[IRGraph.nameOfWeight(stored: node.name)] = place
        }
    }
}
