import NetworkPlans

extension BERTConfiguration {
    /// What only nomic-bert has (Nussbaum et al., 2024, "Nomic Embed: Training a Reproducible Long Context Text
    /// Embedder"): rotated positions, a gate, products without biases.
    mutating func addNomic(_ file: TransformersConfiguration, name: String) throws(ModelImportError) {
        let isAsTrained =
            file.rotaryEmbFraction == 1 && file.rotaryEmbInterleaved != true && file.rotaryEmbScaleBase == nil
            && file.prenorm != true && file.parallelBlock != true && file.useRmsNorm != true && file.normMlp != true
            && file.causal != true && (file.moeEveryNLayers ?? 0) == 0
            && file.ropeParameters?.ropeType ?? "default" == "default"
            && file.ropeParameters?.ropeTheta ?? file.rotaryEmbBase == file.rotaryEmbBase
        guard isAsTrained else {
            throw ModelImportError(
                .unsupported,
                "\(name) describes another variant of nomic_bert than nomic-embed-text's, such as one of experts or one "
                    + "that rotates a part of each head, which cannot be converted. Use an ONNX or OpenVINO export of "
                    + "this model.")
        }
        if let factor = file.rotaryScalingFactor, factor != 0 {
            // Beyond what it was trained on the base grows with the text, below it does not.
            guard let trained = file.maxTrainedPositions, trained > 0 else {
                throw ModelImportError(.malformed, "\(name) has no sensible 'max_trained_positions'.")
            }
            positions = min(positions, trained)
        }
        let rotation = EncoderPlan.Rotation(base: file.rotaryEmbBase ?? 0, length: positions)
        guard rotation.isSensible(headWidth: headWidth) else {
            throw ModelImportError(
                .malformed,
                "\(name) has no sensible 'rotary_emb_base', or too many 'n_positions', or heads of odd width.")
        }
        self.rotation = rotation
        // The reference implementation makes it a multiple, whatever the file says.
        innerWidth = (innerWidth + Self.innerGrain - 1) / Self.innerGrain * Self.innerGrain
        biases = Biases(
            attention: file.qkvProjBias ?? true, expansion: file.mlpFc1Bias ?? true,
            contraction: file.mlpFc2Bias ?? true)
    }

    private static let innerGrain = 256

    static func gateActivation(_ name: String?, name file: String) throws(ModelImportError) -> Activation {
        switch name {
        case "swiglu": return .silu
        case "geglu": return .gelu
        default:
            throw ModelImportError(
                .unsupported, "\(file) names the activation '\(name ?? "?")', which is not known here.")
        }
    }
}
