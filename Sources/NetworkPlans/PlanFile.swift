/// What an engine has to know of a network that it computes step by step: a JSON file beside the network's graph, that
/// names the numbers in the graph's `.bin` file. The import writes it, kernels that need no graph read it.
package protocol PlanFile: Codable, Sendable {
    static var fileName: String { get }
}
