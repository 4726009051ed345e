import HTTPTypes

/// Which methods each path is served with, to tell a wrong method from a wrong path.
struct ServedPaths: Sendable {
    private let paths: [(segments: [Substring], methods: [HTTPRequest.Method])]

    init(_ endpoints: [Endpoint]) {
        paths = Dictionary(grouping: endpoints, by: \.path).map { path, endpoints in
            var methods = endpoints.map(\.method)
            // The router makes HEAD out of GET.
            if methods.contains(.get), !methods.contains(.head) { methods.append(.head) }
            return (Self.segments(of: path[...]), methods)
        }
    }

    /// The methods of a path; `nil` where there is nothing at it.
    func methods(of path: String) -> [HTTPRequest.Method]? {
        let segments = Self.segments(of: path.prefix { $0 != "?" })
        return paths.first { Self.matches(segments, $0.segments) }?.methods
    }

    /// The last segment of a served path may be `**`, which stands for any segments, at least one.
    private static func matches(_ path: [Substring], _ served: [Substring]) -> Bool {
        if served.last == "**" {
            return path.count >= served.count && zip(path, served.dropLast()).allSatisfy { $0 == $1 }
        }
        return path == served
    }

    private static func segments(of path: Substring) -> [Substring] { path.split(separator: "/") }
}
