/// What is wrong with a layer, as the end of a sentence that begins with the layer: "has no weights".
struct NCNNFault: Error, Equatable {
    var kind: ModelImportError.Kind
    var reason: String

    init(_ kind: ModelImportError.Kind, _ reason: String) {
        self.kind = kind
        self.reason = reason
    }
}
