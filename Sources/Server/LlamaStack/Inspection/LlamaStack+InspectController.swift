import Hummingbird

extension LlamaStack {
    /// `GET …/health`, `…/providers/list` and `…/routes/list`.
    struct InspectController: Sendable {
        let providers: Providers
        /// What is served beside this controller's own endpoints.
        let others: [API: [Endpoint]]

        private struct HealthInfo: Encodable {
            let status: String
        }

        private struct RouteInfo: Encodable {
            let route: String
            let method: String
            let providerTypes: [String]

            enum CodingKeys: String, CodingKey {
                case route, method
                case providerTypes = "provider_types"
            }
        }

        var endpoints: [Endpoint] {
            [
                Endpoint(.get, "health") { _, _ in try Response(json: HealthInfo(status: "OK")) },
                // The specification has one provider for each API; its servers and clients all have lists.
                Endpoint(.get, "providers/list") { _, _ in
                    try Response(json: byAPI { api in try providers.of(api) })
                },
                Endpoint(.get, "routes/list") { _, _ in try Response(json: byAPI(routes)) },
            ]
        }

        /// The routes of an API, at each base.
        private func routes(of api: API) throws -> [RouteInfo] {
            let types = try providers.of(api).map(\.type)
            let served = (others[api] ?? []) + (api == .inspect ? endpoints : [])
            return LlamaStack.bases.flatMap { base in
                served.map { endpoint in
                    RouteInfo(
                        route: "/\(base)/\(endpoint.path)", method: endpoint.method.rawValue, providerTypes: types)
                }
            }
        }

        private func byAPI<Value>(_ value: (API) throws -> Value) rethrows -> [String: Value] {
            try Dictionary(uniqueKeysWithValues: API.allCases.map { ($0.rawValue, try value($0)) })
        }
    }
}
