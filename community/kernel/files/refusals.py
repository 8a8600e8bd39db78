"""Why an uploaded file is refused."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput


class FileTooLarge(BadInput):
    """More bytes than this place takes."""

    message = N_("文件太大，最多 {most_megabytes} MB。请压缩后重新上传。")
    status = 413


class FileEmpty(BadInput):
    """Nothing was uploaded."""

    message = N_("没有收到文件，请重新选择文件后上传。")


class FileKindRefused(BadInput):
    """The content is of a kind this place does not take, whatever its name says."""

    message = N_("不支持这种文件。可以上传：{accepted}。")
    status = 415


class HeicRefused(BadInput):
    """An iPhone picture format that browsers do not show."""

    message = N_(
        "这是 HEIC 格式的照片，很多手机打不开。请在 iPhone 的“设置 - 相机 - 格式”选“兼容性最佳”"
        "后重拍，或把照片截图后上传。"
    )
    status = 415


class PictureTooLarge(BadInput):
    """More pixels than we are willing to unpack."""

    message = N_("图片尺寸太大，最多 {most_megapixels} 百万像素。请缩小后重新上传。")


class FileUnreadable(BadInput):
    """It looks like a kind we take, but it cannot be read."""

    message = N_("文件已损坏或不完整，打不开。请换一个文件，或重新拍照。")
