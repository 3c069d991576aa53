"""The process that looks at scans and fits bones, as an object of the window: it asks, hears, and can end it.

What is said between the two is told in `hipviz.model.fit_process`.
"""

import sys

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

from hipviz.model.fit_process import ENVIRONMENT, Answer, Refusal, Request, answers, packed

PATIENCE_MS = 3000
"""How long a process that was ended may take to be gone."""


class Workshop(QObject):
    """Does one thing at a time; a new request ends the one before.

    `answered` carries every message; `ended` comes after the last one of a request that was not stopped.
    """

    answered = Signal(object)
    ended = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._buffer = bytearray()
        self._refused = False

    @property
    def busy(self) -> bool:
        """Whether something is being done."""
        return self._process is not None

    def ask(self, request: Request) -> None:
        """Begin to do what is asked for."""
        self.stop()
        process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        for name, value in ENVIRONMENT.items():
            environment.insert(name, value)
        process.setProcessEnvironment(environment)
        process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        process.readyReadStandardOutput.connect(self._hear)
        process.finished.connect(self._end)
        self._process, self._buffer, self._refused = process, bytearray(), False
        process.start(sys.executable, ["-m", "hipviz.model.fit_process"])
        process.write(packed(request)[4:])
        process.closeWriteChannel()

    def stop(self) -> None:
        """End what is being done, at once; nothing more is heard of it."""
        process, self._process = self._process, None
        if process is not None:
            process.readyReadStandardOutput.disconnect(self._hear)
            process.finished.disconnect(self._end)
            process.kill()
            process.waitForFinished(PATIENCE_MS)
            process.deleteLater()

    def _hear(self) -> None:
        process = self._process
        if process is None:
            return
        self._buffer += bytes(process.readAllStandardOutput().data())
        for answer in answers(self._buffer):
            self._tell(answer)
            if self._process is not process:
                return  # whoever heard it has stopped this process, or asked for something else

    def _tell(self, answer: Answer) -> None:
        self._refused = self._refused or isinstance(answer, Refusal)
        self.answered.emit(answer)

    def _end(self, code: int) -> None:
        process = self._process
        self._hear()
        if self._process is not process or process is None:
            return
        self._process = None
        process.deleteLater()
        if code and not self._refused:
            self._tell(Refusal(self.tr("The work ended before it was done: perhaps the memory did not suffice.")))
        self.ended.emit()
