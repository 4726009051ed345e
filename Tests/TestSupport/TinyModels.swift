/// Models of a few layers, as OpenVINO IR.
package enum TinyModels {
    /// `y = x + x` over `[?, 3]` numbers.
    package static let doubling = """
        <?xml version="1.0"?>
        <net name="doubling" version="11">
        <layers>
        <layer id="0" name="x" type="Parameter" version="opset1">
        <data element_type="f32" shape="?,3"/>
        <output><port id="0" precision="FP32" names="x"><dim>-1</dim><dim>3</dim></port></output>
        </layer>
        <layer id="1" name="y" type="Add" version="opset1">
        <data auto_broadcast="numpy"/>
        <input><port id="0"><dim>-1</dim><dim>3</dim></port><port id="1"><dim>-1</dim><dim>3</dim></port></input>
        <output><port id="2" precision="FP32" names="y"><dim>-1</dim><dim>3</dim></port></output>
        </layer>
        <layer id="2" name="result" type="Result" version="opset1">
        <input><port id="0"><dim>-1</dim><dim>3</dim></port></input>
        </layer>
        </layers>
        <edges>
        <edge from-layer="0" from-port="0" to-layer="1" to-port="0"/>
        <edge from-layer="0" from-port="0" to-layer="1" to-port="1"/>
        <edge from-layer="1" from-port="2" to-layer="2" to-port="0"/>
        </edges>
        </net>
        """
}
