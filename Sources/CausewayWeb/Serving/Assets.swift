import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Styles, scripts and pictures of the interface.
struct Assets: Sendable {
    static let base = "/static/"

    private let files: [String: [UInt8]]

    private static let types = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml",
    ]

    init(_ resources: WebResources) throws { files = try resources.files(in: "assets") }

    func response(_ path: String) -> Response {
        let name = String(path.dropFirst(Self.base.count))
        guard let bytes = files[name] else { return Response(status: .notFound) }
        var headers = SecurityHeaders.all
        headers[.contentType] = Self.types[name.split(separator: ".").last.map(String.init) ?? ""] ?? "text/plain"
        // The names stay the same from version to version.
        headers[.cacheControl] = "max-age=300"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

/// The folder of templates, texts and assets that comes with the program.
struct WebResources: Sendable {
    let folder: URL

    /// - Throws: ``WebInterfaceError`` where it is missing.
    static func find() throws -> WebResources {
        let folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: "Causeway_CausewayWeb.resources/Resources")
        guard FileManager.default.fileExists(atPath: folder.path) else {
            throw WebInterfaceError("\(folder.path) is missing; install the program again")
        }
        return WebResources(folder: folder)
    }

    func files(in name: String) throws -> [String: [UInt8]] {
        let folder = folder.appending(path: name)
        var files: [String: [UInt8]] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            files[name] = Array(try Data(contentsOf: folder.appending(path: name)))
        }
        return files
    }
}

/// Why the interface cannot be served.
package struct WebInterfaceError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
