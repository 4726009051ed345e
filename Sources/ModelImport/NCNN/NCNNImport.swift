import NetworkPlans

/// Networks that enlarge pictures, as Real-ESRGAN's authors publish them for ncnn, to OpenVINO IR.
package enum NCNNImport {
    /// Writes `model.xml`, `model.bin`, `upscaler.json` and `layers.json` (``UpscalerPlan``).
    ///
    /// The model's input `data` is a picture of f32, RGB from 0 to 1, of shape [1, 3, height, width], of any size; its
    /// output `output` the picture enlarged, of shape [1, 3, scale · height, scale · width]. Weights stay as wide as they
    /// are stored.
    ///
    /// - Parameters:
    ///   - param: the path of the network, in ncnn's text format.
    ///   - weights: the path of its weights.
    ///   - folder: an existing folder.
    /// - Throws: ``ModelImportError``: a kind of layer, or a parameter, that is not known here is named in its message.
    package static func convert(
        param: String, weights: String, into folder: String
    ) throws(ModelImportError) {
        let network = try NCNNNetwork(param)
        var translator = NCNNTranslator(weights: try NCNNWeights(weights))
        let description = try translator.translate(network)
        let places = try translator.graph.write(to: folder)
        try description.write(to: folder)
        try UpscalerPlan(network, places).write(to: folder)
    }
}
