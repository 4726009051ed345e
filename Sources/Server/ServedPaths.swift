import HTTPTypes

/// Which methods each path is served with, to tell a wrong method from a wrong path.
struct ServedPaths: Sendable {
    private let paths: [(segments: [Substring], methods: [HTTPRequest.Method])]

    init(_ endpoints: [Endpoint]) {
        let served = Dictionary(grouping: endpoints, by: \.path).map { path, endpoints in
            var methods = endpoints.map(\.method)
            // The router makes HEAD out of GET.
            if methods.contains(.get), !methods.contains(.head) { methods.append(.head) }
            return (segments: Self.segments(of: path[...]), methods: methods)
        }
        // The router takes the path that leaves least open.
        paths = served.sorted { Self.openness($0.segments) < Self.openness($1.segments) }
    }

    /// The methods of a path; `nil` where there is nothing at it.
    func methods(of path: String) -> [HTTPRequest.Method]? {
        let segments = Self.segments(of: path.prefix { $0 != "?" })
        return paths.first { Self.matches(segments, $0.segments) }?.methods
    }

    /// A segment of a served path may be `**`, which stands for any segments, at least one.
    private static func matches(_ path: [Substring], _ served: [Substring]) -> Bool {
        guard let open = served.firstIndex(of: "**") else { return path == served }
        let end = served[(open + 1)...]
        return path.count >= served.count && path.starts(with: served[..<open])
            && path.suffix(end.count).elementsEqual(end)
    }

    private static func openness(_ served: [Substring]) -> Int {
        switch served.firstIndex(of: "**") {
        case nil: 0
        case served.indices.last: 2
        default: 1
        }
    }

    private static func segments(of path: Substring) -> [Substring] { path.split(separator: "/") }
}
