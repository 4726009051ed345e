/// A prefix tree over Unicode scalars whose keys carry token ids.
struct ScalarTrie: Sendable {
    /// A place in the tree.
    struct Node: Sendable, Equatable {
        fileprivate var index: UInt32
    }

    /// From a node and the next scalar to the next node.
    private var edges = ScalarMap()
    /// The id of the key that ends at a node, or -1.
    private var ids: [Int32] = [-1]

    static let root = Node(index: 0)

    /// Adds a key; the last id given for a key counts.
    mutating func insert(_ key: some Sequence<Unicode.Scalar>, id: Int32) {
        var node = Self.root
        for scalar in key {
            if let next = step(node, scalar) {
                node = next
            } else {
                let next = UInt32(ids.count)
                edges.set(ScalarMap.key(node.index, scalar.value), next)
                ids.append(-1)
                node = Node(index: next)
            }
        }
        ids[Int(node.index)] = id
    }

    func step(_ node: Node, _ scalar: Unicode.Scalar) -> Node? {
        edges[ScalarMap.key(node.index, scalar.value)].map(Node.init)
    }

    /// The id of the key that ends here, if one does.
    func id(at node: Node) -> Int32? {
        let id = ids[Int(node.index)]
        return id < 0 ? nil : id
    }

    /// The node that a text leads to, if it is a prefix of any key.
    func node(of text: some Sequence<Unicode.Scalar>) -> Node? {
        var node = Self.root
        for scalar in text {
            guard let next = step(node, scalar) else { return nil }
            node = next
        }
        return node
    }

    func id(of key: some Sequence<Unicode.Scalar>) -> Int32? { node(of: key).flatMap { id(at: $0) } }

    /// The longest key that the text begins with.
    ///
    /// - Complexity: O(*n*) in the length of the longest key.
    func longestMatch(in text: ArraySlice<Unicode.Scalar>, from start: Node = root) -> (id: Int32, end: Int)? {
        var node = start
        var longest: (id: Int32, end: Int)?
        for index in text.indices {
            guard let next = step(node, text[index]) else { break }
            node = next
            if let id = id(at: node) { longest = (id, index + 1) }
        }
        return longest
    }
}
