import NIOCore
import Server
import TestSupport
import Testing

@Suite("Taking a form apart")
struct MultipartParserTests {
    /// A part as it came out.
    struct Part: Equatable {
        var name: String
        var fileName: String?
        var contentType: String?
        var content: [UInt8]

        init(_ name: String, _ content: String, fileName: String? = nil, contentType: String? = nil) {
            (self.name, self.content) = (name, Array(content.utf8))
            (self.fileName, self.contentType) = (fileName, contentType)
        }
    }

    /// The parts of a body that arrives in these pieces.
    private func parts(_ pieces: [[UInt8]], boundary: String = "xyz") throws -> [Part] {
        var parser = MultipartParser(
            try MultipartBoundary(contentType: "multipart/form-data; boundary=\"\(boundary)\""))
        var parts: [Part] = []
        var isOpen = false
        for piece in pieces {
            parser.append(ByteBuffer(bytes: piece))
            while let event = try parser.next() {
                switch event {
                case .partBegins(let head):
                    #expect(!isOpen)
                    isOpen = true
                    parts.append(Part(head.name, "", fileName: head.fileName, contentType: head.contentType))
                case .data(let data):
                    #expect(isOpen && data.readableBytes > 0)
                    parts[parts.count - 1].content += data.readableBytesView
                case .partEnds:
                    #expect(isOpen)
                    isOpen = false
                }
            }
        }
        try parser.finish()
        #expect(!isOpen)
        return parts
    }

    private func parts(_ body: String, boundary: String = "xyz") throws -> [Part] {
        try parts([Array(body.utf8)], boundary: boundary)
    }

    private func message(_ body: String) -> String? {
        do {
            _ = try parts(body)
            return nil
        } catch {
            let error = error as? APIError
            #expect(error?.status == 400 && error?.code == "invalid_multipart" && error?.closesConnection == true)
            return error?.message
        }
    }

    static let body = """
        nobody reads this\r
        --xyz\r
        Content-Disposition: form-data; name="a"\r
        \r
        one\r
        --xy is no boundary, nor is --xyz here,\r
        --xyzz\r
        --xyz-\r
        \r\r
        nor a line break\r
        --xyz \t \r
        CONTENT-DISPOSITION:form-data ; filename="p\\"q.png" ;name=b\r
        content-type: image/png\r
        \r
        \r
        --xyz\r
        X-Other: 1\r
        Content-Disposition: form-data;\r
         name="c"\r
        \r
        \u{e9}\r
        --xyz--\r
        nor this\r
        --xyz\r
        """

    static let expected = [
        Part(
            "a",
            "one\r\n--xy is no boundary, nor is --xyz here,\r\n--xyzz\r\n--xyz-\r\n\r\r\nnor a line break"),
        Part("b", "", fileName: "p\"q.png", contentType: "image/png"), Part("c", "\u{e9}"),
    ]

    @Test("gives its parts, with their names as data")
    func whole() throws {
        #expect(try parts(Self.body) == Self.expected)
    }

    @Test("gives the same wherever it is cut in two, and byte by byte")
    func cut() throws {
        let bytes = Array(Self.body.utf8)
        for place in 0...bytes.count {
            #expect(try parts([Array(bytes[..<place]), Array(bytes[place...])]) == Self.expected)
        }
        #expect(try parts(bytes.map { [$0] }) == Self.expected)
    }

    @Test("gives bytes that are nearly boundaries as they are, wherever they are cut")
    func nearlyBoundaries() throws {
        let content = "\r\n--xy\r\n--xyz-\r\r\n--\r\n-\r\n\r\n--xyz--".dropLast(2) + "\r"
        let body = "--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\n" + content + "\r\n--xyz--"
        let bytes = Array(body.utf8)
        for size in 1...bytes.count {
            let pieces = stride(from: 0, to: bytes.count, by: size).map {
                Array(bytes[$0..<min($0 + size, bytes.count)])
            }
            // The line that is the boundary and one dash is content, what follows too.
            #expect(try parts(pieces) == [Part("a", String(content))])
        }
    }

    @Test("hands bytes on before the part has ended, and keeps hardly any")
    func streaming() throws {
        var parser = MultipartParser(try MultipartBoundary(contentType: "multipart/form-data; boundary=b"))
        parser.append(ByteBuffer(string: "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n"))
        _ = try parser.next()
        var count = 0
        for _ in 0..<100 {
            parser.append(ByteBuffer(repeating: 0x0D, count: 1_000))
            while case .data(let data)? = try parser.next() { count += data.readableBytes }
        }
        #expect(count >= 99_990)
    }

    @Test(
        "takes any boundary that is allowed, in quotes or not",
        arguments: [
            ("multipart/form-data; boundary=----WebKitFormBoundaryAB12", "----WebKitFormBoundaryAB12"),
            ("Multipart/Form-Data;charset=utf-8; BOUNDARY=\"a b'()+_,-./:=?\"", "a b'()+_,-./:=?"),
            ("multipart/form-data; boundary=" + String(repeating: "x", count: 70), String(repeating: "x", count: 70)),
        ])
    func boundaries(type: String, text: String) throws {
        var parser = MultipartParser(try MultipartBoundary(contentType: type))
        parser.append(ByteBuffer(string: "--\(text)\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--\(text)--"))
        #expect(try parser.next() != nil)
        #expect(try parser.next() == .data(ByteBuffer(string: "x")))
        #expect(try parser.next() == .partEnds)
        try parser.finish()
    }

    @Test(
        "needs a boundary that could be one",
        arguments: [
            "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"a \"",
            "multipart/form-data; boundary=\"a", "multipart/form-data; boundary=a; boundary=b",
            "multipart/form-data; boundary=\"\u{e9}\"", "multipart/form-data; boundary=a@b",
            "multipart/form-data; boundary=" + String(repeating: "x", count: 71),
        ])
    func wrongBoundaries(type: String) {
        let error = #expect(throws: APIError.self) { try MultipartBoundary(contentType: type) }
        // One with a parameter that cannot be read is no content type of a form at all.
        #expect([400, 415].contains(error?.status))
    }

    @Test("needs to be called a form", arguments: [nil, "", "application/json", "multipart/mixed; boundary=b"])
    func otherTypes(type: String?) {
        let error = #expect(throws: APIError.self) { try MultipartBoundary(contentType: type) }
        #expect(error?.status == 415)
    }

    @Test(
        "ends early where its last boundary is missing, and says in which part",
        arguments: [
            "--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\none",
            "--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\none\r\n--xyz",
            "--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\none\r\n--xyz-",
            "--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\none\r\n--xy--",
            "--xyz\r\nContent-Dispo", "--xyz\r\n",
        ])
    func cutShort(body: String) {
        #expect(message(body)?.contains("within part 1") == true)
    }

    @Test(
        "has no parts where the boundary is another, or lines end otherwise",
        arguments: [
            "", "--abc\r\nContent-Disposition: form-data; name=a\r\n\r\none\r\n--abc--",
            "--xyz\nContent-Disposition: form-data; name=a\n\none\n--xyz--", "a=b&c=d",
        ])
    func noBoundary(body: String) {
        #expect(message(body)?.contains("No line of the body is the boundary") == true)
    }

    @Test("may have no parts at all")
    func noParts() throws {
        #expect(try parts("--xyz--") == [])
        #expect(try parts("--xyz--\r\n") == [])
    }

    @Test(
        "needs a name for each part",
        arguments: [
            "", "Content-Disposition: form-data\r\n", "Content-Disposition: attachment; name=a\r\n",
            "Content-Type: text/plain\r\n", "Content-Disposition: form-data; name=\"a\r\n",
            "Content-Disposition: form-data; name=a; name=b\r\n", "Content-Disposition: form-data; name=\"a\" b\r\n",
        ])
    func nameless(head: String) {
        #expect(message("--xyz\r\n\(head)\r\nx\r\n--xyz--")?.contains("Part 1") == true)
    }

    @Test("needs heads of lines that are names and values, in UTF-8, and not too long")
    func oddHeads() throws {
        #expect(message("--xyz\r\nhello\r\n\r\n\r\n--xyz--")?.contains("head of part 1") == true)
        #expect(message("--xyz\r\n: x\r\n\r\n\r\n--xyz--")?.contains("head of part 1") == true)
        let disposition = "Content-Disposition: form-data; name=a\r\n"
        let long = "X: " + String(repeating: "x", count: MultipartParser.largestHead)
        #expect(message("--xyz\r\n\(disposition)\(long)")?.contains("larger than 8192 bytes") == true)
        #expect(message("--xyz\r\n\(disposition)\(long)\r\n\r\n\r\n--xyz--")?.contains("larger than") == true)
        let notText: [UInt8] =
            Array("--xyz\r\nContent-Disposition: form-data; name=".utf8) + [0xFF, 0x0D, 0x0A, 0x0D, 0x0A]
        #expect(throws: APIError.self) { try parts([notText]) }
        #expect(
            message("--xyz\r\n\(disposition)Content-Transfer-Encoding: base64\r\n\r\n\r\n--xyz--")?
                .contains("transfer encoding") == true)
    }

    @Test("has a limited number of parts")
    func manyParts() throws {
        let part = "--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n"
        let most = String(repeating: part, count: MultipartParser.mostParts)
        #expect(try parts(most + "--xyz--").count == MultipartParser.mostParts)
        #expect(message(most + part + "--xyz--")?.contains("more than 128 parts") == true)
    }

    @Test(
        "reads names of files in every form they are written in",
        arguments: [
            (#"filename="a\"b\\c""#, #"a"b\c"#), (#"filename="C:\dir\a.png""#, #"C:\dir\a.png"#),
            (#"filename="../../etc/passwd""#, "../../etc/passwd"), ("filename=a.png", "a.png"), (#"filename="""#, ""),
            ("filename=a.png; filename*=UTF-8''%c3%a9%20b.png", "\u{e9} b.png"),
            (#"filename="é.png""#, "\u{e9}.png"),
            ("filename=a.png; filename*=latin1''%e9.png", "a.png"), ("filename=a.png; filename*=UTF-8''%zz", "a.png"),
            ("filename*=UTF-8'en'x.png", "x.png"), (#"filename="a;b=c""#, "a;b=c"),
        ])
    func fileNames(parameter: String, name: String) throws {
        let found = try parts("--xyz\r\nContent-Disposition: form-data; name=f; \(parameter)\r\n\r\n\r\n--xyz--")
        #expect(found.map(\.fileName) == [name])
    }

    @Test("survives any bytes, in any pieces, and finds the same in them")
    func garbage() {
        // Made of what forms are made of, so that it gets far.
        let pieces =
            [
                "\r\n", "--xyz", "--", "\r", "\n", "-", "xyz", " ", "Content-Disposition: form-data; name=\"a\"", ":",
                ";",
                "\r\n--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\n", "\"", "\\", "\0", "\u{e9}",
                "\r\n--xyz--",
            ].map { Array($0.utf8) } + [[0xFF, 0xFE], [0x80]]
        var numbers = SeededNumbers(seed: 20_251_124)
        func random(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &numbers) }
        for _ in 0..<rounds(short: 1_000, long: 100_000) {
            let bytes = (0..<random(40)).flatMap { _ in pieces[random(pieces.count)] }
            var cut: [[UInt8]] = [[]]
            for byte in bytes {
                if random(3) == 0 { cut.append([]) }
                cut[cut.count - 1].append(byte)
            }
            #expect((try? parts(cut)) == (try? parts([bytes])))
        }
    }
}
