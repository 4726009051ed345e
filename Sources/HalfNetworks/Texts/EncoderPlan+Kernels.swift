import NetworkPlans

extension EncoderPlan {
    /// What the kernels' registers ask for.
    private static let (panel, headGrain) = (64, 32)
    /// Rows of a gate that follow as many others.
    static let gateGrain = 32

    /// Whether the kernels can compute it.
    var isComputable: Bool {
        !layers.isEmpty && width > 0 && heads > 0 && innerWidth > 0 && width % Self.panel == 0
            && innerWidth % Self.panel == 0 && width % heads == 0 && (width / heads) % Self.headGrain == 0
    }
}
