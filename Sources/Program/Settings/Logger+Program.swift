import Foundation
import Logging

extension Logger {
    /// The program's log: errors only, unless CAUSEWAY_LOG_LEVEL says otherwise.
    static var program: Logger {
        var logger = Logger(label: "causeway") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel =
            ProcessInfo.processInfo.environment["CAUSEWAY_LOG_LEVEL"].flatMap { Logger.Level(rawValue: $0) } ?? .error
        return logger
    }
}
