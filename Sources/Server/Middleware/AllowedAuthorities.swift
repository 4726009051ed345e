/// The names that the server answers to, and the web pages that may call it.
package struct AllowedAuthorities: Sendable {
    private let hosts: Set<String>
    private let origins: Set<String>

    /// - Parameters:
    ///   - host: the address that the server listens on; a name of its own, unless it stands for all addresses.
    ///   - hosts: further names.
    ///   - origins: further origins, such as `https://app.example`.
    package init(host: String, hosts: [String], origins: [String]) {
        let isWildcard = host == "0.0.0.0" || host == "::"
        self.hosts = Set((hosts + (isWildcard ? [] : [host])).map { Authority($0).host })
        self.origins = Set(origins.map { $0.lowercased() })
    }

    /// Whether a `Host` header, with or without a port, names this server.
    package func allows(host: String) -> Bool {
        let authority = Authority(host)
        return authority.isLoopback || hosts.contains(authority.host)
    }

    /// Whether a page of this origin may call the server that it knows by this `Host` header: its own pages, by
    /// whichever loopback name, and those that are configured. The opaque origin `null` never.
    package func allows(origin: String, host: String) -> Bool {
        let origin = origin.lowercased()
        if origins.contains(origin) { return true }
        guard origin.hasPrefix("http://") else { return false }
        let page = Authority(String(origin.dropFirst("http://".count)))
        let server = Authority(host)
        guard page.port == server.port else { return false }
        return page.host == server.host || page.isLoopback && server.isLoopback
    }
}

/// A host with its port, as RFC 3986 writes it: `localhost:8553`, `[::1]:8553`, `127.0.0.1`.
private struct Authority {
    /// In lower case, without brackets.
    let host: String
    /// 80, HTTP's own, where none is written.
    let port: String

    init(_ text: String) {
        let text = text.lowercased()
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            host = String(text[text.index(after: text.startIndex)..<end])
            let rest = text[text.index(after: end)...]
            port = rest.hasPrefix(":") ? String(rest.dropFirst()) : "80"
        } else if let colon = text.firstIndex(of: ":"), text.lastIndex(of: ":") == colon {
            host = String(text[..<colon])
            port = String(text[text.index(after: colon)...])
        } else {
            host = text
            port = "80"
        }
    }

    /// `localhost`, 127.0.0.0/8 or `::1`, which no resolver can point elsewhere.
    var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        let octets = host.split(separator: ".", omittingEmptySubsequences: false)
        return octets.count == 4 && octets[0] == "127" && octets.allSatisfy { UInt8($0) != nil }
    }
}
