#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Which requests go through a proxy, as the usual variables of the environment say: `HTTP_PROXY`, `HTTPS_PROXY`,
/// `ALL_PROXY` and `NO_PROXY`, in capitals or not.
public struct ProxySettings: Sendable, Equatable {
    /// For addresses that begin with `http:` and with `https:`.
    var http: Proxy?
    var https: Proxy?
    var exceptions: [String] = []

    /// No proxy.
    public init() {}

    /// - Parameter environment: variables of the process. The name in small letters wins, empty values count as not set.
    public init(environment: [String: String]) {
        func variable(_ name: String) -> String? {
            [name, name.uppercased()].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        }
        http = (variable("http_proxy") ?? variable("all_proxy")).map(Proxy.init)
        https = (variable("https_proxy") ?? variable("all_proxy")).map(Proxy.init)
        exceptions = (variable("no_proxy") ?? "").split { $0 == "," || $0 == " " }.map { $0.lowercased() }
    }

    /// The proxy of an address; `nil` where it is reached directly.
    ///
    /// - Parameter host: in lower case.
    func proxy(scheme: String, host: String, port: Int) -> Proxy? {
        isException(host, port) ? nil : scheme == "https" ? https : http
    }

    /// An exception is `*`, an address, or a domain, which stands for its subdomains too; any may name a port.
    private func isException(_ host: String, _ port: Int) -> Bool {
        exceptions.contains { exception in
            guard exception != "*" else { return true }
            var name = exception[...]
            if let colon = name.lastIndex(of: ":"), let its = Int(name[name.index(after: colon)...]),
                !name[..<colon].contains(":") || name.hasPrefix("[")
            {
                guard its == port else { return false }
                name = name[..<colon]
            }
            name = name.drop { $0 == "*" || $0 == "." || $0 == "[" }
            if name.hasSuffix("]") { name = name.dropLast() }
            return !name.isEmpty && (host == name || host.hasSuffix("." + name))
        }
    }
}

/// A proxy as a variable names it.
struct Proxy: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case http
        case socks
        /// Of a kind that cannot be spoken to.
        case unknown
    }

    var kind: Kind
    var host: String
    var port: Int
    var user: String?
    var password: String?

    /// - Parameter text: `[scheme://][user[:password]@]host[:port]`.
    init(_ text: String) {
        let text = text.contains("://") ? text : "http://" + text
        let url = URL(string: text)
        host = url?.host(percentEncoded: false) ?? ""
        user = url?.user(percentEncoded: false)
        password = url?.password(percentEncoded: false)
        switch (url?.scheme?.lowercased(), host.isEmpty) {
        case ("http", false): kind = .http
        case ("socks5", false), ("socks5h", false), ("socks", false): kind = .socks
        default: kind = .unknown
        }
        port = url?.port ?? (kind == .socks ? 1080 : 80)
    }

    /// What `Proxy-Authorization` has to be; `nil` where the proxy asks for none.
    var authorization: String? {
        guard let user, !user.isEmpty else { return nil }
        return "Basic " + Data("\(user):\(password ?? "")".utf8).base64EncodedString()
    }
}
